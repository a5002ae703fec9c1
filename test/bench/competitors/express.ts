import { configure } from "@codegenie/serverless-express";
import express from "express";
import { createSession } from "./create-session.ts";

const app = express();

app.post("/api/study-sessions", express.json(), async (request, response) => {
  const session = await createSession(request.body);
  response.status(session ? 201 : 404).json(session ?? { error: "Not found" });
});

export const handler = configure({ app });
