import { useQueryClient } from "@tanstack/react-query";
import { Button, Card, Popconfirm, Table } from "antd";
import { api, type Schemas } from "../../api/client";
import { useClock } from "../../app/session";
import { Mark } from "../../shared/Mark";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "我的登录", en: "Where I am signed in" },
  browser: { zh: "浏览器", en: "Browser" },
  address: { zh: "地址", en: "Address" },
  opened: { zh: "登录时间", en: "Since" },
  seen: { zh: "最近使用", en: "Last used" },
  here: { zh: "本机", en: "this one" },
  end: { zh: "结束", en: "End" },
  endWhich: { zh: "结束登录 {id}", en: "End sign-in {id}" },
  sure: { zh: "结束这次登录？", en: "End this sign-in?" },
} satisfies Record<string, Words>;

type SignIn = Schemas["SessionOut"];
const LIST = "/api/v1/me/sessions";

export function SignIns() {
  const t = useSay();
  const { moment } = useClock();
  const queries = useQueryClient();
  const { data, error, refetch, isFetching } = api.useQuery("get", LIST);
  const end = api.useMutation("delete", "/api/v1/me/sessions/{session_number}", {
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", LIST] }),
  });
  return (
    <Card title={t(WORDS.title)} className="block">
      {error && <Failed error={error} retry={refetch} />}
      {end.error && <Failed error={end.error} />}
      <Table<SignIn>
        rowKey="id"
        size="small"
        loading={isFetching && !data}
        dataSource={data ?? []}
        pagination={false}
        scroll={{ x: 700 }}
        columns={[
          { title: t(WORDS.browser), dataIndex: "browser" },
          { title: t(WORDS.address), dataIndex: "address" },
          { title: t(WORDS.opened), render: (_, each) => moment(each.opened_at) },
          { title: t(WORDS.seen), render: (_, each) => moment(each.seen_at) },
          {
            title: t(WORDS.end),
            render: (_, each) =>
              each.current ? (
                <Mark tone="good">{t(WORDS.here)}</Mark>
              ) : (
                <Popconfirm
                  title={t(WORDS.sure)}
                  onConfirm={() => end.mutate({ params: { path: { session_number: each.id } } })}
                >
                  <Button size="small" danger aria-label={t(WORDS.endWhich, { id: each.id })}>
                    {t(WORDS.end)}
                  </Button>
                </Popconfirm>
              ),
          },
        ]}
      />
    </Card>
  );
}
