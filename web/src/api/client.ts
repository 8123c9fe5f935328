/** Asks the server. Every change shows the proof of our own page; every refusal becomes a `Problem`. */

import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { Problem } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** The part of every address that names the version of the API. */
export const API = "/api/v1";

let csrf: string | null = null;

/** Keep the proof that goes with every change; `GET /session` tells it. */
export function keepProof(proof: string | null): void {
  csrf = proof;
}

const middleware: Middleware = {
  onRequest({ request }) {
    if (csrf !== null && request.method !== "GET") {
      request.headers.set("X-CSRF-Token", csrf);
    }
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok && response.status !== 304) {
      throw await Problem.of(response);
    }
    return response;
  },
  onError({ error }) {
    return error instanceof Problem ? error : Problem.unreachable();
  },
};

export const client = createFetchClient<paths>({ baseUrl: "" });
client.use(middleware);

/** `api.useQuery("get", "/api/v1/calls", …)`, `api.useMutation("post", …)`; types are the API's own. */
export const api = createQueryClient(client);
