import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Flex, Form, Input, Modal, Select, Table, Typography } from "antd";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay, useName } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark, type Tone } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Loading, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { Effect } from "./Effect";
import { NewTask } from "./NewTask";

const WORDS = {
  title: { zh: "辅导任务", en: "Coaching" },
  state: { zh: "状态", en: "State" },
  open: { zh: "进行中", en: "Open" },
  done: { zh: "已完成", en: "Done" },
  cancelled: { zh: "已取消", en: "Cancelled" },
  overdueOnly: { zh: "仅逾期", en: "Overdue only" },
  overdue: { zh: "逾期", en: "Overdue" },
  collector: { zh: "催收员", en: "Collector" },
  category: { zh: "类别", en: "About" },
  goal: { zh: "目标", en: "Goal" },
  due: { zh: "期限", en: "Due" },
  none: { zh: "没有辅导任务。", en: "There are no coaching tasks." },
  finish: { zh: "完成", en: "Done" },
  cancel: { zh: "取消任务", en: "Cancel it" },
  evidence: { zh: "完成依据", en: "What shows that it was done" },
  reason: { zh: "取消原因", en: "Why it is cancelled" },
  needed: { zh: "请填写", en: "Please fill this in" },
} satisfies Record<string, Words>;

type Task = Schemas["TaskOut"];
type End = { task: Task; how: "done" | "cancel" };
const STATES = ["open", "done", "cancelled"] as const;
const TONES: Record<Task["state"], Tone> = { open: "info", done: "good", cancelled: "plain" };

/** What collectors are to learn: set, ended, and whether it helped. */
export function Coaching() {
  const t = useSay();
  const may = useMay();
  const [shown, change] = useAddress("state", "overdue", "collector", "cursor");
  const [ending, end] = useState<End | null>(null);
  const { overdue, ...plain } = shown;
  const query = { ...plain, ...(overdue ? { overdue: true } : {}) } as { state?: Task["state"] };
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/coaching", { params: { query } });
  const columns = useColumns(may("coaching.manage") ? end : null);
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      {may("coaching.manage") && <NewTask />}
      <Flex gap="small" wrap align="center" className="filters" role="search">
        <Select
          allowClear
          aria-label={t(WORDS.state)}
          placeholder={t(WORDS.state)}
          value={shown.state ?? null}
          onChange={(value) => change({ state: value })}
          style={{ width: 140 }}
          options={STATES.map((value) => ({ value, label: t(WORDS[value]) }))}
        />
        <Input.Search
          allowClear
          aria-label={t(WORDS.collector)}
          placeholder={t(WORDS.collector)}
          defaultValue={shown.collector ?? ""}
          onSearch={(value) => change({ collector: value.trim() })}
          style={{ width: 180 }}
        />
        <Checkbox
          checked={overdue === "yes"}
          onChange={(event) => change({ overdue: event.target.checked ? "yes" : null })}
        >
          {t(WORDS.overdueOnly)}
        </Checkbox>
      </Flex>
      {error ? <Failed error={error} retry={refetch} /> : data ? null : <Loading />}
      {data?.items.length === 0 && <Nothing words={WORDS.none} />}
      {data && data.items.length > 0 && (
        <Table<Task>
          rowKey="id"
          size="small"
          loading={isFetching}
          dataSource={data.items}
          columns={columns}
          pagination={false}
          scroll={{ x: "max-content" }}
          expandable={{
            rowExpandable: (task) => task.state === "done",
            expandedRowRender: (task) => <Effect taskId={task.id} />,
          }}
        />
      )}
      <Pages next={data?.next} />
      {ending && <EndTask key={`${ending.task.id} ${ending.how}`} end={ending} onEnd={() => end(null)} />}
    </>
  );
}

function useColumns(end: ((end: End) => void) | null) {
  const t = useSay();
  const name = useName();
  const { zone } = useClock();
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(new Date());
  return [
    { title: t(WORDS.collector), render: (_: unknown, task: Task) => `${task.collector} ${task.team ?? ""}` },
    { title: t(WORDS.category), render: (_: unknown, task: Task) => name("categories", task.category) },
    { title: t(WORDS.goal), dataIndex: "goal" },
    {
      title: t(WORDS.due),
      render: (_: unknown, task: Task) => (
        <>
          {task.due_on}{" "}
          {task.state === "open" && task.due_on < today && <Mark tone="bad">{t(WORDS.overdue)}</Mark>}
        </>
      ),
    },
    {
      title: t(WORDS.state),
      render: (_: unknown, task: Task) => <Mark tone={TONES[task.state]}>{t(WORDS[task.state])}</Mark>,
    },
    {
      title: "",
      render: (_: unknown, task: Task) =>
        end !== null &&
        task.state === "open" && (
          <Flex gap="small">
            <Button size="small" onClick={() => end({ task, how: "done" })}>
              {t(WORDS.finish)}
            </Button>
            <Button size="small" onClick={() => end({ task, how: "cancel" })}>
              {t(WORDS.cancel)}
            </Button>
          </Flex>
        ),
    },
  ];
}

function EndTask({ end: { task, how }, onEnd }: { end: End; onEnd: () => void }) {
  const t = useSay();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ text: string }>();
  const done = api.useMutation("post", "/api/v1/coaching/{task_id}/done");
  const cancel = api.useMutation("post", "/api/v1/coaching/{task_id}/cancel");
  const change = how === "done" ? done : cancel;
  const submit = ({ text }: { text: string }) =>
    change.mutate(
      { params: { path: { task_id: task.id } }, body: { text } },
      {
        onSuccess: () => {
          void queries.invalidateQueries({ queryKey: ["get", "/api/v1/coaching"] });
          void message.success(t(WORDS[how === "done" ? "done" : "cancelled"]));
          onEnd();
        },
      },
    );
  const label = t(how === "done" ? WORDS.evidence : WORDS.reason);
  return (
    <Modal open title={task.goal} onCancel={onEnd} onOk={form.submit} confirmLoading={change.isPending}>
      <Form form={form} layout="vertical" onFinish={submit}>
        <Form.Item name="text" label={label} rules={[{ required: true, message: t(WORDS.needed) }]}>
          <Input.TextArea autoSize={{ minRows: 2 }} maxLength={2000} />
        </Form.Item>
      </Form>
      {change.error && <Failed error={change.error} />}
    </Modal>
  );
}
