"""A small language portal in Flask and SQLite, with the tables of the usual course project.

DATABASE names its file, PORT its port; without PORT it takes a free one. It prints its URL when it is ready. As in most
portals, every route looks the study session up in the portal's own table.
"""

import os
import sqlite3

from flask import Flask, abort, g, jsonify, request
from flask_cors import CORS
from werkzeug.serving import make_server

SCHEMA = """
CREATE TABLE IF NOT EXISTS groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, words_count INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS words (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kanji TEXT NOT NULL, romaji TEXT NOT NULL, english TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS study_activities (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, url TEXT NOT NULL, preview_url TEXT);
CREATE TABLE IF NOT EXISTS study_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER NOT NULL REFERENCES groups(id),
    study_activity_id INTEGER NOT NULL REFERENCES study_activities(id),
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE IF NOT EXISTS word_review_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT, word_id INTEGER NOT NULL REFERENCES words(id),
    study_session_id INTEGER NOT NULL REFERENCES study_sessions(id), correct BOOLEAN NOT NULL,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);
"""
SAMPLES = """
INSERT INTO groups VALUES (1, 'Core Verbs', 1), (2, 'Core Adjectives', 0);
INSERT INTO words VALUES (1, '払う', 'harau', 'to pay');
INSERT INTO study_activities VALUES (1, 'Typing Tutor', 'http://localhost:8080', '/typing.png');
INSERT INTO study_sessions VALUES (1, 1, 1, '2025-02-20 12:00:00');
"""
SESSIONS = """
SELECT s.id, s.group_id, g.name AS group_name, s.study_activity_id, a.name AS activity_name, s.created_at,
       count(r.id) AS review_items_count
FROM study_sessions s JOIN groups g ON g.id = s.group_id JOIN study_activities a ON a.id = s.study_activity_id
LEFT JOIN word_review_items r ON r.study_session_id = s.id
"""
NEWEST = "GROUP BY s.id ORDER BY s.created_at DESC, s.id DESC"

app = Flask(__name__)
CORS(app)


def get_db():
    if "db" not in g:
        g.db = sqlite3.connect(os.environ["DATABASE"])
        g.db.row_factory = sqlite3.Row
        g.db.execute("PRAGMA foreign_keys = ON")
    return g.db


@app.teardown_appcontext
def close_db(_):
    if "db" in g:
        g.pop("db").close()


def read(sql, *values):
    return [dict(row) for row in get_db().execute(sql, values)]


def write(sql, *values):
    with get_db() as db:
        return db.execute(sql, values).lastrowid


def find_session(session_id):
    found = read(SESSIONS + "WHERE s.id = ? GROUP BY s.id", session_id)
    return found[0] if found else abort(404, "Study session not found")


@app.get("/")
def page():
    return '<!doctype html><title>Portal</title><link rel="icon" href="data:,">'


@app.get("/api/groups")
def list_groups():
    return jsonify(items=read("SELECT id, name AS group_name, words_count AS word_count FROM groups ORDER BY id"))


@app.post("/api/groups")
def add_group():
    return jsonify(id=write("INSERT INTO groups (name) VALUES (?)", request.get_json()["name"])), 201


@app.delete("/api/groups/<int:group_id>")
def remove_group(group_id):
    write("DELETE FROM groups WHERE id = ?", group_id)
    return "", 204


@app.get("/api/groups/<int:group_id>/study_sessions")
def list_sessions_of_group(group_id):
    return jsonify(items=read(SESSIONS + "WHERE s.group_id = ? " + NEWEST, group_id))


@app.post("/api/study-sessions")
def create_session():
    body = request.get_json()
    sql = "INSERT INTO study_sessions (group_id, study_activity_id) VALUES (?, ?)"
    return jsonify(id=write(sql, body["group_id"], body["study_activity_id"])), 201


@app.get("/api/study-sessions")
def list_sessions():
    page, size = request.args.get("page", 1, int), request.args.get("per_page", 10, int)
    total = read("SELECT count(*) AS total FROM study_sessions")[0]["total"]
    items = read(SESSIONS + NEWEST + " LIMIT ? OFFSET ?", size, size * (page - 1))
    return jsonify(items=items, total=total, page=page, per_page=size, total_pages=-(-total // size))


@app.get("/api/study-sessions/<int:session_id>")
def read_session(session_id):
    return jsonify(session=find_session(session_id))


@app.post("/api/study-sessions/<int:session_id>/review")
def review(session_id):
    find_session(session_id)
    body = request.get_json()
    sql = "INSERT INTO word_review_items (word_id, study_session_id, correct) VALUES (?, ?, ?)"
    return jsonify(id=write(sql, body["word_id"], session_id, body["correct"])), 201


@app.post("/api/study-sessions/reset")
def reset():
    get_db().executescript("DELETE FROM word_review_items; DELETE FROM study_sessions;")
    return jsonify(message="Study history cleared")


@app.get("/dashboard/recent-session")
def last_session():
    return jsonify((read(SESSIONS + NEWEST + " LIMIT 1") or [None])[0])


@app.get("/dashboard/stats")
def statistics():
    sessions = "SELECT count(*) AS total_sessions, count(DISTINCT group_id) AS active_groups FROM study_sessions"
    reviews = "SELECT count(*) AS reviews, total(correct) AS correct FROM word_review_items"
    return jsonify({**read(sessions)[0], **read(reviews)[0]})


with app.app_context():
    get_db().executescript(SCHEMA)
    if not read("SELECT 1 FROM groups"):
        get_db().executescript(SAMPLES)


def serve():
    server = make_server("127.0.0.1", int(os.environ.get("PORT", 0)), app, threaded=True)
    print(f"Portal at http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve()
