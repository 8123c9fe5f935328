import { List, Typography } from "antd";
import { api } from "../../api/client";
import { Mark } from "../../shared/Mark";
import { Failed, Loading } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "识别引擎", en: "Speech engines" },
  chosen: { zh: "使用中", en: "In use" },
  usable: { zh: "可用", en: "Usable" },
  unusable: { zh: "不可用", en: "Not usable" },
} satisfies Record<string, Words>;

/** The speech engines of this installation, and what is wrong with those that cannot be used. */
export function Engines() {
  const t = useSay();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/engines");
  return (
    <section>
      <Typography.Title level={2}>{t(WORDS.title)}</Typography.Title>
      {error ? <Failed error={error} retry={refetch} /> : data ? null : <Loading />}
      <List
        bordered
        className="sheet"
        dataSource={data?.items ?? []}
        renderItem={(each) => (
          <List.Item>
            <span>
              <strong>{each.name}</strong> {each.version} {each.model}{" "}
              <Mark tone={each.usable ? "good" : "plain"}>
                {t(each.usable ? WORDS.usable : WORDS.unusable)}
              </Mark>
              {each.chosen && <Mark tone="info">{t(WORDS.chosen)}</Mark>} {each.problem?.message}{" "}
              {each.problem?.mend}
            </span>
          </List.Item>
        )}
      />
    </section>
  );
}
