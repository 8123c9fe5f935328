import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, Flex, Form, Input, Popconfirm, Switch, Typography } from "antd";
import { useState } from "react";
import { api, client, type Schemas } from "../../api/client";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { Erasures } from "./Erasures";

const WORDS = {
  title: { zh: "个人信息请求", en: "Requests of people" },
  about: {
    zh: "查阅、复制：导出本人的全部记录，他人信息已遮蔽。删除：依法须留存的部分会予以保留并说明原因。",
    en: "Access: all that is on record about one person, other people's data hidden. Erasure: what the law wants kept is kept, with the reason.",
  },
  debtor: { zh: "客户标识（如 customer:C889201）", en: "Key of the person (customer:C889201)" },
  phone: { zh: "或电话号码", en: "or telephone number" },
  which: { zh: "请填写客户标识或电话号码之一。", en: "Give the key or the number, one of them." },
  reason: { zh: "依据（请求编号，不写姓名）", en: "Reason (a reference, without names)" },
  recordings: {
    zh: "附录音（个人信息处以提示音遮盖）",
    en: "With the recordings, personal data under a tone",
  },
  needed: { zh: "请填写", en: "Please fill this in" },
  give: { zh: "导出", en: "Export" },
  given: { zh: "已导出，并记入查看记录。", en: "Exported, and put on record." },
  erase: { zh: "申请删除", en: "Order erasure" },
  sure: { zh: "删除后无法恢复。确定申请？", en: "What is deleted cannot be brought back. Order it?" },
  ordered: { zh: "已登记删除令 {order}。", en: "Order {order} is on record." },
  kept: { zh: "依规定保留：{what}", en: "Kept: {what}" },
} satisfies Record<string, Words>;

type Fields = Schemas["ExportAsked"];

/** What people ask for about their own data: all of it, or that it be deleted; and the orders of deletion. */
export function Subjects() {
  const t = useSay();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const erase = api.useMutation("post", "/api/v1/subjects/erase", {
    onSuccess: async ({ order }) => {
      message.success(t(WORDS.ordered, { order }));
      await queries.invalidateQueries({ queryKey: ["get", "/api/v1/subjects/erase"] });
    },
  });

  /** What is asked for, as it is sent: a field left empty is none. Null: the form says what is missing. */
  const asked = async (): Promise<Fields | null> => {
    const filled = await form.validateFields().catch(() => null);
    if (filled === null) {
      return null;
    }
    const { debtor, phone, reason, recordings } = filled;
    return {
      reason,
      recordings: recordings ?? false,
      ...(debtor?.trim() ? { debtor: debtor.trim() } : {}),
      ...(phone?.trim() ? { phone: phone.trim() } : {}),
    };
  };
  const give = async () => {
    const body = await asked();
    if (body === null) {
      return;
    }
    setBusy(true);
    setFailed(null);
    try {
      const { data } = await client.POST("/api/v1/subjects/export", { body, parseAs: "blob" });
      save(data as unknown as Blob, "personal-data.zip");
      message.success(t(WORDS.given));
    } catch (error) {
      setFailed(error);
    } finally {
      setBusy(false);
    }
  };
  const order = async () => {
    const given = await asked();
    if (given !== null) {
      const { recordings: _, ...body } = given;
      erase.mutate({ body });
    }
  };
  const which = () => ({
    validator: () =>
      Boolean(form.getFieldValue("debtor")?.trim()) !== Boolean(form.getFieldValue("phone")?.trim())
        ? Promise.resolve()
        : Promise.reject(new Error(t(WORDS.which))),
  });
  const error = failed ?? erase.error;
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Typography.Paragraph>{t(WORDS.about)}</Typography.Paragraph>
      <Card className="block">
        <Form<Fields> form={form} layout="vertical" style={{ maxWidth: 520 }}>
          <Form.Item name="debtor" label={t(WORDS.debtor)}>
            <Input maxLength={320} />
          </Form.Item>
          <Form.Item name="phone" label={t(WORDS.phone)} dependencies={["debtor"]} rules={[which]}>
            <Input maxLength={40} inputMode="tel" autoComplete="off" />
          </Form.Item>
          <Form.Item
            name="reason"
            label={t(WORDS.reason)}
            rules={[{ required: true, message: t(WORDS.needed) }]}
          >
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="recordings" label={t(WORDS.recordings)} valuePropName="checked">
            <Switch />
          </Form.Item>
          <Flex gap="small" wrap>
            <Button type="primary" loading={busy} onClick={give}>
              {t(WORDS.give)}
            </Button>
            <Popconfirm title={t(WORDS.sure)} onConfirm={order}>
              <Button danger loading={erase.isPending}>
                {t(WORDS.erase)}
              </Button>
            </Popconfirm>
          </Flex>
        </Form>
        {error ? <Failed error={error} /> : null}
        {erase.data && erase.data.kept.length > 0 && (
          <Typography.Paragraph>{t(WORDS.kept, { what: erase.data.kept.join("; ") })}</Typography.Paragraph>
        )}
      </Card>
      <Erasures />
    </>
  );
}

function save(content: Blob, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
