import { Alert, Button, Flex, Progress } from "antd";
import { useState } from "react";
import { client, type Schemas } from "../../api/client";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  check: { zh: "核验完整性", en: "Check that it is whole" },
  progress: { zh: "已核验 {count} 条", en: "{count} entries checked" },
  whole: {
    zh: "日志完整：{count} 条记录首尾相接，未被改动。",
    en: "The log is whole: {count} entries, each following from the one before, none changed.",
  },
  broken: {
    zh: "日志不完整：{found} 处不符。请立即联系系统管理员，并保留数据库副本。",
    en: "The log is not whole: {found} places do not hold. Keep a copy of the database and call whoever runs it.",
  },
} satisfies Record<string, Words>;

type Break = Schemas["BreakOut"];
type Found = { checked: number; found: number; breaks: readonly Break[]; done: boolean };

/** Checks the chain of the log part by part, from the first entry on. */
export function Verification() {
  const t = useSay();
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<unknown>(null);
  const check = async () => {
    setError(null);
    let so: Found = { checked: 0, found: 0, breaks: [], done: false };
    try {
      for (let after: number | null = 0; after !== null; ) {
        setFound(so);
        const { data }: { data?: Schemas["VerificationOut"] } = await client.GET(
          "/api/v1/audit/verification",
          {
            params: { query: { after } },
          },
        );
        if (!data) {
          return;
        }
        so = {
          checked: so.checked + data.checked,
          found: so.found + data.found,
          breaks: [...so.breaks, ...data.breaks],
          done: data.next == null,
        };
        after = data.next ?? null;
      }
      setFound(so);
    } catch (reason) {
      setError(reason);
      setFound(null);
    }
  };
  return (
    <Flex vertical gap="small" className="block" align="start">
      <Button onClick={() => void check()} loading={found !== null && !found.done}>
        {t(WORDS.check)}
      </Button>
      {found && !found.done && (
        <output className="state">
          <Progress percent={100} status="active" showInfo={false} style={{ width: 120 }} />
          {t(WORDS.progress, { count: found.checked })}
        </output>
      )}
      {found?.done && (
        <Alert
          showIcon
          role="status"
          type={found.found === 0 ? "success" : "error"}
          title={
            found.found === 0
              ? t(WORDS.whole, { count: found.checked })
              : t(WORDS.broken, { found: found.found })
          }
          description={
            found.breaks.length > 0 && (
              <ul>
                {found.breaks.map((each) => (
                  <li key={JSON.stringify(each)}>{JSON.stringify(each)}</li>
                ))}
              </ul>
            )
          }
        />
      )}
      {error !== null && <Failed error={error} />}
    </Flex>
  );
}
