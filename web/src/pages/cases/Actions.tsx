import { useIsFetching } from "@tanstack/react-query";
import { Alert, Button, Flex, Tooltip, Typography } from "antd";
import { useEffect, useState } from "react";
import { api, type Schemas } from "../../api/client";
import { concerns } from "../../app/concerns";
import { Failed, Loading } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { ActionForm } from "./ActionForm";

const WORDS = {
  title: { zh: "可以进行的操作", en: "What you may do now" },
  refused: { zh: "暂不能：", en: "Not now: " },
  none: { zh: "您现在不能对此案件进行操作。", en: "There is nothing you may do with this case now." },
} satisfies Record<string, Words>;

type Action = Schemas["ActionOut"];

/** What the person may do with the case now; what stands in the way is said. */
export function Actions({ seen }: { seen: Schemas["CaseDetail"] }) {
  const t = useSay();
  const { lang } = useLanguage();
  const [chosen, choose] = useState<Action | null>(null);
  // Steps and case are read apart: a form that opens between the two would be of the case as it was before.
  const reading = useIsFetching({ predicate: ({ queryKey }) => concerns("case", queryKey) }) > 0;
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen((before) => chosen !== null && (before || !reading)), [chosen, reading]);
  const { data, error, refetch } = api.useQuery("get", "/api/v1/cases/{case_id}/actions", {
    params: { path: { case_id: seen.id } },
  });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  if (!data) {
    return <Loading />;
  }
  return (
    <section aria-labelledby="actions" className="actions">
      <Typography.Title level={2} id="actions">
        {t(WORDS.title)}
      </Typography.Title>
      {data.length === 0 && <Alert type="info" showIcon title={t(WORDS.none)} />}
      <Flex gap="small" wrap>
        {data.map((each, place) => (
          <Tooltip
            key={each.action}
            title={
              each.refusal ? `${t(WORDS.refused)}${each.refusal.message}. ${each.refusal.mend}` : undefined
            }
          >
            <Button
              type={place === 0 && !each.refusal ? "primary" : "default"}
              aria-disabled={each.refusal !== null}
              className={each.refusal ? "refused" : ""}
              onClick={() => each.refusal ?? choose(each)}
            >
              {each[lang]}
            </Button>
          </Tooltip>
        ))}
      </Flex>
      {chosen && open && (
        <ActionForm key={chosen.action} action={chosen} seen={seen} onEnd={() => choose(null)} />
      )}
    </section>
  );
}
