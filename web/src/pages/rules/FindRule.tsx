import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "react-router";
import { client } from "../../api/client";
import { Problem } from "../../api/problem";
import { Failed, Loading } from "../../shared/States";

/** Leads to a rule of whose pack only the rule itself knows. */
export function FindRule() {
  const { rule = "" } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ["pack of rule", rule],
    queryFn: () => packOf(rule),
  });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  if (data === undefined) {
    return <Loading />;
  }
  const encoded = encodeURIComponent(rule);
  return <Navigate replace to={`/rules/${encodeURIComponent(data)}/${encoded}`} />;
}

/** The pack that has a rule; a rule that no pack has any more is a problem that says so. */
async function packOf(rule: string): Promise<string> {
  const { data } = await client.GET("/api/v1/packs");
  let missing: unknown = new Problem(404, "rules.rule_unknown", rule);
  for (const { pack } of data?.items ?? []) {
    try {
      await client.GET("/api/v1/packs/{pack}/rules/{rule}", { params: { path: { pack, rule } } });
      return pack;
    } catch (error) {
      missing = error;
    }
  }
  throw missing;
}
