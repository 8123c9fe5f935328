import { PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { api } from "../../api/client";
import { useName, useWords } from "../../app/session";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  add: { zh: "布置辅导", en: "Set a task" },
  collector: { zh: "催收员", en: "Collector" },
  category: { zh: "类别", en: "About" },
  goal: { zh: "目标", en: "Goal" },
  due: { zh: "期限", en: "Due" },
  needed: { zh: "请填写", en: "Please fill this in" },
  done: { zh: "已布置。", en: "The task is set." },
} satisfies Record<string, Words>;

type Typed = { collector: string; category: string; goal: string; due_on: string };

/** A task for a collector: what about, what is to be reached, by when. */
export function NewTask() {
  const t = useSay();
  const name = useName();
  const categories = Object.keys(useWords("categories"));
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [isOpen, open] = useState(false);
  const [form] = Form.useForm<Typed>();
  const people = api.useQuery("get", "/api/v1/people", {}, { enabled: isOpen });
  const add = api.useMutation("post", "/api/v1/coaching");
  const collectors = people.data?.filter((each) => each.roles.includes("collector")) ?? [];
  const needed = [{ required: true, message: t(WORDS.needed) }];
  const submit = (body: Typed) =>
    add.mutate(
      { body },
      {
        onSuccess: () => {
          void queries.invalidateQueries({ queryKey: ["get", "/api/v1/coaching"] });
          void message.success(t(WORDS.done));
          form.resetFields();
          open(false);
        },
      },
    );
  return (
    <>
      <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => open(true)}>
        {t(WORDS.add)}
      </Button>
      <Modal
        open={isOpen}
        title={t(WORDS.add)}
        onCancel={() => open(false)}
        onOk={form.submit}
        confirmLoading={add.isPending}
      >
        <Form form={form} layout="vertical" onFinish={submit}>
          <Form.Item name="collector" label={t(WORDS.collector)} rules={needed}>
            <Select
              showSearch={{ optionFilterProp: "label" }}
              loading={people.isLoading}
              options={collectors.map(({ id, name: called }) => ({ value: id, label: `${called} (${id})` }))}
            />
          </Form.Item>
          <Form.Item name="category" label={t(WORDS.category)} rules={needed}>
            <Select
              showSearch={{ optionFilterProp: "label" }}
              options={categories.map((value) => ({ value, label: name("categories", value) }))}
            />
          </Form.Item>
          <Form.Item name="goal" label={t(WORDS.goal)} rules={needed}>
            <Input.TextArea autoSize={{ minRows: 2 }} maxLength={2000} />
          </Form.Item>
          <Form.Item name="due_on" label={t(WORDS.due)} rules={needed}>
            <Input type="date" style={{ width: 200 }} />
          </Form.Item>
        </Form>
        {people.error && <Failed error={people.error} retry={people.refetch} />}
        {add.error && <Failed error={add.error} />}
      </Modal>
    </>
  );
}
