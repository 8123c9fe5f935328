/** What the server says went wrong (RFC 9457), or that it cannot be reached. */
export class Problem extends Error {
  constructor(
    /** HTTP status; 0 where there was no answer. */
    readonly status: number,
    /** Stable name of the error, see docs/errors.md. */
    readonly code: string,
    message: string,
    readonly mend: string | null = null,
    readonly titleZh: string | null = null,
    readonly requestId: string | null = null,
  ) {
    super(message);
    this.name = "Problem";
  }

  /** The problem document of a refusal; a refusal without one keeps its status. */
  static async of(response: Response): Promise<Problem> {
    const body: unknown = await response.json().catch(() => null);
    const said = (body !== null && typeof body === "object" ? body : {}) as Record<string, unknown>;
    return new Problem(
      response.status,
      text(said.code) ?? `http.${response.status}`,
      text(said.detail) ?? text(said.title) ?? response.statusText,
      text(said.mend),
      text(said.title_zh),
      text(said.request_id),
    );
  }

  /** The server does not answer. */
  static unreachable(): Problem {
    return new Problem(0, "unreachable", "The server does not answer.");
  }

  /** Somebody else changed the thing since it was read. */
  get isStale(): boolean {
    return this.status === 412 || this.code === "case.version";
  }
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
