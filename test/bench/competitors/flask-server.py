"""What a portal in Flask and SQLite would do. DATABASE names its file; called directly, PORT its port."""

import os
import sqlite3
from datetime import datetime, timezone

from flask import Flask, g, jsonify, request
from flask_cors import CORS

DATABASE = os.environ["DATABASE"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS study_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id INTEGER NOT NULL,
    study_activity_id INTEGER NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
)
"""

app = Flask(__name__)
CORS(app)


def get_db():
    if "db" not in g:
        g.db = sqlite3.connect(DATABASE)
    return g.db


@app.teardown_appcontext
def close_db(_):
    db = g.pop("db", None)
    if db is not None:
        db.close()


@app.post("/api/study-sessions")
def create_study_session():
    data = request.get_json(silent=True) or {}
    group_id, study_activity_id = data.get("group_id"), data.get("study_activity_id")
    if not group_id or not study_activity_id:
        return jsonify({"error": "Missing required fields: group_id, study_activity_id"}), 400
    created_at = datetime.now(timezone.utc).isoformat()
    try:
        cursor = get_db().execute(
            "INSERT INTO study_sessions (group_id, study_activity_id, created_at) VALUES (?, ?, ?)",
            (group_id, study_activity_id, created_at),
        )
        get_db().commit()
    except sqlite3.Error as error:
        return jsonify({"error": f"Database error: {error}"}), 500
    session = {
        "id": cursor.lastrowid,
        "group_id": group_id,
        "study_activity_id": study_activity_id,
        "created_at": created_at,
    }
    return jsonify(session), 201


with app.app_context():
    get_db().execute(SCHEMA)

if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
