import { useQueryClient } from "@tanstack/react-query";
import { Button, Flex, Input, Popconfirm } from "antd";
import { useState } from "react";
import { api } from "../../api/client";
import { useMay, useName } from "../../app/session";
import { Failed } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  how: { zh: "谁是坐席：{how}", en: "Who the agent is: {how}" },
  swap: { zh: "对调双方", en: "Swap the speakers" },
  why: { zh: "为什么对调？通话会重新判定。", en: "Why? The call will be judged again." },
  reason: { zh: "原因", en: "Reason" },
} satisfies Record<string, Words>;

/** Says how the agent was told from the customer, and lets a reviewer swap them. */
export function Roles({ call }: { call: number }) {
  const t = useSay();
  const name = useName();
  const may = useMay();
  const queries = useQueryClient();
  const [because, setBecause] = useState("");
  const path = { call_id: call };
  const { data } = api.useQuery("get", "/api/v1/calls/{call_id}/roles", { params: { path } });
  const decide = api.useMutation("post", "/api/v1/calls/{call_id}/roles", {
    onSuccess: () => queries.invalidateQueries(),
  });
  if (!data) {
    return null;
  }
  const swap = () =>
    decide.mutate({
      params: { path, header: { "if-match": `"${data.version}"` } },
      body: { agent_side: data.agent_side === 0 ? 1 : 0, because },
    });
  return (
    <Flex gap="small" wrap align="center">
      <span>{t(WORDS.how, { how: name("roles_how", data.roles?.how) })}</span>
      {may("roles.decide") && (
        <Popconfirm
          title={t(WORDS.why)}
          description={
            <Input
              aria-label={t(WORDS.reason)}
              value={because}
              onChange={(event) => setBecause(event.target.value)}
            />
          }
          okButtonProps={{ disabled: because.trim() === "" }}
          onConfirm={swap}
        >
          <Button size="small">{t(WORDS.swap)}</Button>
        </Popconfirm>
      )}
      {decide.error && <Failed error={decide.error} />}
    </Flex>
  );
}
