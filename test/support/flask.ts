import { spawnSync } from "node:child_process";

/** Debian's own Python, which has Debian's packages. */
export const PYTHON = "/usr/bin/python3";

export const FLASK_HINT = "apt-get install -y python3-flask python3-flask-cors";

export const hasFlask = () => spawnSync(PYTHON, ["-c", "import flask, flask_cors"]).status === 0;
