import { useQueryClient } from "@tanstack/react-query";
import { Button, Table } from "antd";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay } from "../../app/session";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  key: { zh: "文件", en: "File" },
  why: { zh: "原因", en: "Why" },
  tries: { zh: "尝试", en: "Tries" },
  when: { zh: "时间", en: "When" },
  retry: { zh: "重新接收所选 {count} 个", en: "Try the {count} chosen again" },
  choose: { zh: "选择 {key}", en: "Choose {key}" },
} satisfies Record<string, Words>;

type Dead = Schemas["DeadOut"];

/** What a source gave that could not be taken in, and a way to try again. */
export function DeadLetters({ source }: { source: string }) {
  const t = useSay();
  const may = useMay();
  const { moment } = useClock();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<number[]>([]);
  const path = { name: source };
  const { data, error, refetch } = api.useQuery("get", "/api/v1/sources/{name}/dead", {
    params: { path, query: { refused: true } },
  });
  const retry = api.useMutation("post", "/api/v1/sources/{name}/dead/retry", {
    onSuccess: () => setChosen([]),
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).includes("/sources") }),
  });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  return (
    <>
      {retry.error && <Failed error={retry.error} />}
      {may("sources.manage") && (
        <Button
          disabled={chosen.length === 0}
          loading={retry.isPending}
          onClick={() => retry.mutate({ params: { path }, body: { items: chosen, refused: false } })}
        >
          {t(WORDS.retry, { count: chosen.length })}
        </Button>
      )}
      <Table<Dead>
        rowKey="id"
        size="small"
        dataSource={data?.items ?? []}
        pagination={false}
        scroll={{ x: "max-content" }}
        rowSelection={{
          selectedRowKeys: chosen,
          onChange: (keys) => setChosen(keys.map(Number)),
          getCheckboxProps: (each) => ({ "aria-label": t(WORDS.choose, { key: each.key }) }),
        }}
        columns={[
          { title: t(WORDS.key), dataIndex: "key" },
          { title: t(WORDS.why), render: (_, each) => `${each.message} (${each.code})` },
          { title: t(WORDS.tries), dataIndex: "attempts", align: "right" },
          { title: t(WORDS.when), render: (_, each) => moment(each.ended_at) },
        ]}
      />
    </>
  );
}
