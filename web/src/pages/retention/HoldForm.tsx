import { useQueryClient } from "@tanstack/react-query";
import { Form, Input, InputNumber, Modal } from "antd";
import { api } from "../../api/client";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  hold: { zh: "保全一通通话", en: "Hold a call" },
  release: { zh: "解除通话 {call} 的保全", en: "Release call {call}" },
  call: { zh: "通话编号", en: "Number of the call" },
  reason: { zh: "依据（文号等，不写姓名）", en: "Reason (a reference, without names)" },
  needed: { zh: "请填写", en: "Please fill this in" },
} satisfies Record<string, Words>;

/** Holds a call by hand, or (`call`) releases one. */
export function HoldForm({ call, done }: { call: number | null; done: () => void }) {
  const t = useSay();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ call: number; reason: string }>();
  const onSuccess = async () => {
    await queries.invalidateQueries({ queryKey: ["get", "/api/v1/retention/holds"] });
    done();
  };
  const hold = api.useMutation("post", "/api/v1/calls/{call_id}/hold", { onSuccess });
  const release = api.useMutation("post", "/api/v1/calls/{call_id}/hold/release", { onSuccess });
  const error = hold.error ?? release.error;
  const needed = [{ required: true, message: t(WORDS.needed) }];
  return (
    <Modal
      open
      title={call === null ? t(WORDS.hold) : t(WORDS.release, { call })}
      onCancel={done}
      onOk={() => form.submit()}
      confirmLoading={hold.isPending || release.isPending}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={(given) =>
          (call === null ? hold : release).mutate({
            params: { path: { call_id: call ?? given.call } },
            body: { reason: given.reason },
          })
        }
      >
        {call === null && (
          <Form.Item name="call" label={t(WORDS.call)} rules={needed}>
            <InputNumber min={1} precision={0} />
          </Form.Item>
        )}
        <Form.Item name="reason" label={t(WORDS.reason)} rules={needed}>
          <Input maxLength={400} />
        </Form.Item>
      </Form>
      {error && <Failed error={error} />}
    </Modal>
  );
}
