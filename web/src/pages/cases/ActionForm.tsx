import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Drawer, Flex, Form } from "antd";
import { useMemo, useState } from "react";
import { api, type Schemas } from "../../api/client";
import { Problem } from "../../api/problem";
import { concerns } from "../../app/concerns";
import { FieldInput } from "../../app/forms/FieldInput";
import { documentOf, fieldsOf, type Values } from "../../app/forms/fields";
import { useClock } from "../../app/session";
import { Failed } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";

const WORDS = {
  done: { zh: "已记录。", en: "Done." },
  cancel: { zh: "取消", en: "Cancel" },
  newer: {
    zh: "填写期间，他人更新了此案件。请先查看最新情况；您填写的内容仍在。",
    en: "Somebody changed this case while you were writing. Look at how it stands now; what you wrote is still here.",
  },
  goOn: { zh: "已查看，按最新情况提交", en: "I have looked: go on from there" },
} satisfies Record<string, Words>;

type Props = { action: Schemas["ActionOut"]; seen: Schemas["CaseDetail"]; onEnd: () => void };

/** One action as a form. It is done to the case as it was when the form was opened, or as it was looked at since. */
export function ActionForm({ action, seen, onEnd }: Props) {
  const t = useSay();
  const { lang } = useLanguage();
  const { zone } = useClock();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Values>();
  const [version, look] = useState(seen.version);
  const fields = useMemo(() => fieldsOf(action.document), [action.document]);
  const act = api.useMutation("post", "/api/v1/cases/{case_id}/actions/{action}");
  const refresh = () => queries.invalidateQueries({ predicate: (query) => concerns("case", query.queryKey) });
  const submit = (values: Values) =>
    act.mutate(
      {
        params: { path: { case_id: seen.id, action: action.action } },
        body: { version, document: documentOf(fields, values, zone) },
      },
      {
        onSuccess: () => {
          void message.success(t(WORDS.done));
          void refresh();
          onEnd();
        },
        onError: (error: unknown) => {
          if (error instanceof Problem && error.isStale) {
            void refresh();
          }
        },
      },
    );
  return (
    <Drawer open title={action[lang]} onClose={onEnd} size={560} maskClosable={false}>
      {version !== seen.version && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={t(WORDS.newer)}
          action={
            <Button
              size="small"
              onClick={() => {
                look(seen.version);
                act.reset();
              }}
            >
              {t(WORDS.goOn)}
            </Button>
          }
        />
      )}
      <Form form={form} layout="vertical" onFinish={submit} requiredMark>
        {fields.map((field) => (
          <FieldInput key={field.name} field={field} action={action.action} />
        ))}
        {act.error && <Failed error={act.error} />}
        <Flex gap="small" justify="end" className="block">
          <Button onClick={onEnd}>{t(WORDS.cancel)}</Button>
          <Button type="primary" htmlType="submit" loading={act.isPending}>
            {action[lang]}
          </Button>
        </Flex>
      </Form>
    </Drawer>
  );
}
