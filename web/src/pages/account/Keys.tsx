import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, Form, Input, InputNumber, Popconfirm, Table, Typography } from "antd";
import { api, type Schemas } from "../../api/client";
import { useClock } from "../../app/session";
import { Failed, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "接口密钥", en: "Keys of programs" },
  about: {
    zh: "程序凭密钥以您的身份和权限调用接口。密钥只在生成时显示一次；泄露时请立即吊销。",
    en: "A program with a key asks in your name and may do what you may. It is shown once, when it is made; revoke it at once if somebody else has seen it.",
  },
  name: { zh: "用途", en: "What it is for" },
  days: { zh: "有效天数（留空为长期）", en: "Days it holds (empty: until revoked)" },
  make: { zh: "生成密钥", en: "Make a key" },
  made: { zh: "新密钥（请立即保存，不再显示）", en: "The new key (keep it now; it is not shown again)" },
  begins: { zh: "开头", en: "Begins with" },
  since: { zh: "生成时间", en: "Made" },
  until: { zh: "有效至", en: "Holds until" },
  used: { zh: "最近使用", en: "Last used" },
  never: { zh: "从未", en: "never" },
  always: { zh: "长期", en: "until revoked" },
  revoke: { zh: "吊销", en: "Revoke" },
  revokeWhich: { zh: "吊销 {name}", en: "Revoke {name}" },
  sure: { zh: "吊销后，使用它的程序立即失去访问权限。", en: "Programs that use it are refused from now on." },
  none: { zh: "没有密钥。", en: "There is no key." },
  needed: { zh: "请填写", en: "Please fill this in" },
} satisfies Record<string, Words>;

type Key = Schemas["KeyOut"];
const LIST = "/api/v1/me/keys";

export function Keys() {
  const t = useSay();
  const { moment } = useClock();
  const queries = useQueryClient();
  const [form] = Form.useForm<Schemas["KeyWanted"]>();
  const { data, error, refetch, isFetching } = api.useQuery("get", LIST);
  const refresh = () => queries.invalidateQueries({ queryKey: ["get", LIST] });
  const make = api.useMutation("post", LIST, {
    onSuccess: async () => {
      form.resetFields();
      await refresh();
    },
  });
  const revoke = api.useMutation("delete", "/api/v1/me/keys/{key_number}", { onSettled: refresh });
  const failed = make.error ?? revoke.error;
  return (
    <Card title={t(WORDS.title)} className="block">
      <Typography.Paragraph type="secondary">{t(WORDS.about)}</Typography.Paragraph>
      <Form form={form} layout="vertical" onFinish={(body) => make.mutate({ body })}>
        <Flex gap="small" wrap align="end">
          <Form.Item name="name" label={t(WORDS.name)} rules={[{ required: true, message: t(WORDS.needed) }]}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="days" label={t(WORDS.days)} initialValue={90}>
            <InputNumber min={1} max={3650} precision={0} />
          </Form.Item>
          <Form.Item>
            <Button htmlType="submit" loading={make.isPending}>
              {t(WORDS.make)}
            </Button>
          </Form.Item>
        </Flex>
      </Form>
      {failed && <Failed error={failed} />}
      {make.data?.key && (
        <Alert
          type="success"
          role="status"
          title={t(WORDS.made)}
          description={
            <Typography.Text code copyable>
              {make.data.key}
            </Typography.Text>
          }
        />
      )}
      {error && <Failed error={error} retry={refetch} />}
      <Table<Key>
        rowKey="id"
        size="small"
        loading={isFetching && !data}
        dataSource={data ?? []}
        pagination={false}
        scroll={{ x: 800 }}
        locale={{ emptyText: <Nothing words={WORDS.none} /> }}
        columns={[
          { title: t(WORDS.name), dataIndex: "name" },
          { title: t(WORDS.begins), render: (_, key) => <code>{key.prefix}…</code> },
          { title: t(WORDS.since), render: (_, key) => moment(key.made_at) },
          {
            title: t(WORDS.until),
            render: (_, key) => (key.expires_at ? moment(key.expires_at) : t(WORDS.always)),
          },
          { title: t(WORDS.used), render: (_, key) => (key.used_at ? moment(key.used_at) : t(WORDS.never)) },
          {
            title: t(WORDS.revoke),
            render: (_, key) => (
              <Popconfirm
                title={t(WORDS.sure)}
                onConfirm={() => revoke.mutate({ params: { path: { key_number: key.id } } })}
              >
                <Button size="small" danger aria-label={t(WORDS.revokeWhich, { name: key.name })}>
                  {t(WORDS.revoke)}
                </Button>
              </Popconfirm>
            ),
          },
        ]}
      />
    </Card>
  );
}
