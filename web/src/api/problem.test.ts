import { expect, test } from "vitest";
import { Problem } from "./problem";

function refusal(status: number, body: string): Response {
  return new Response(body, { status, statusText: "Refused" });
}

test("a problem document is told as it stands", async () => {
  const body = {
    code: "request.changed",
    detail: "wang changed it",
    mend: "Read it again.",
    title_zh: "已变更",
  };
  const problem = await Problem.of(refusal(412, JSON.stringify({ ...body, request_id: "6f1c" })));
  expect(problem).toMatchObject({
    status: 412,
    isStale: true,
    message: "wang changed it",
    requestId: "6f1c",
  });
  expect([problem.code, problem.mend, problem.titleZh]).toEqual([
    "request.changed",
    "Read it again.",
    "已变更",
  ]);
});

test("an answer of something between us and the server keeps its status", async () => {
  const problem = await Problem.of(refusal(502, "<html>Bad Gateway</html>"));
  expect([problem.status, problem.code, problem.message]).toEqual([502, "http.502", "Refused"]);
});
