/** Which addresses show things of a kind; a kind that is not listed concerns every address. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  call: ["/calls", "/findings", "/figures", "/search", "/work"],
  ticket: ["/tickets", "/coaching", "/agreement"],
  case: ["/cases", "/deadlines", "/ledger", "/complaints"],
};
// Whoever is signed in and how the house speaks do not change with the work.
const STANDING = ["/session", "/words", "/events"];

/** Whether what was read under a query key (`[method, path, …]`) may be another now that a `kind` changed. */
export function concerns(kind: string, key: readonly unknown[]): boolean {
  const path = String(key[1]).replace(/^\/api\/v1/, "");
  const listed = SHOWN[kind];
  return listed === undefined
    ? !STANDING.some((start) => path.startsWith(start))
    : listed.some((start) => path.startsWith(start));
}
