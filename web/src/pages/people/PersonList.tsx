import { Button, Flex, Input, Select, Switch, Table, Typography } from "antd";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { useMay, useName, useWords } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark } from "../../shared/Mark";
import { Failed, Nothing } from "../../shared/States";
import { useList, useSay, type Words } from "../../shared/words";
import { Account } from "./Account";
import { matching } from "./matching";
import { PersonForm } from "./PersonForm";

const WORDS = {
  title: { zh: "人员", en: "People" },
  add: { zh: "添加人员", en: "Add a person" },
  role: { zh: "角色", en: "Role" },
  anyRole: { zh: "任何角色", en: "Any role" },
  find: { zh: "按姓名、工号或团队查找", en: "Find by name, id or team" },
  inactive: { zh: "显示已停用", en: "Show those who left" },
  none: { zh: "没有这样的人员。", en: "There is nobody like that." },
  name: { zh: "姓名", en: "Name" },
  id: { zh: "工号", en: "Id" },
  team: { zh: "团队", en: "Team" },
  sees: { zh: "可见团队", en: "Sees the teams" },
  byRole: { zh: "按角色", en: "by role" },
  everything: { zh: "全部", en: "all" },
  reports: { zh: "上级", en: "Reports to" },
  state: { zh: "状态", en: "State" },
  active: { zh: "在用", en: "active" },
  left: { zh: "已停用", en: "left" },
  change: { zh: "修改", en: "Change" },
  changeWho: { zh: "修改 {name}", en: "Change {name}" },
} satisfies Record<string, Words>;

type Person = Schemas["PersonOut"];

/** The people of the house: who they are, what they may do and see, and helping them back in. */
export function PersonList() {
  const t = useSay();
  const name = useName();
  const may = useMay();
  const roles = Object.keys(useWords("roles"));
  const [{ role, inactive, text, person }, change] = useAddress("role", "inactive", "text", "person");
  const [adding, setAdding] = useState(false);
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/people", {
    params: { query: { ...(role && { role }), inactive: inactive === "true" } as object },
  });
  const columns = useColumns((id) => change({ person: id }));
  const opened = data?.find(({ id }) => id === person);
  return (
    <>
      <Flex justify="space-between" align="center" wrap gap="small">
        <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
        {may("people.manage") && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {t(WORDS.add)}
          </Button>
        )}
      </Flex>
      <Flex gap="small" wrap align="center" className="filters">
        <Input.Search
          aria-label={t(WORDS.find)}
          placeholder={t(WORDS.find)}
          defaultValue={text}
          allowClear
          onSearch={(typed) => change({ text: typed })}
          style={{ width: 260 }}
        />
        <Select
          aria-label={t(WORDS.role)}
          value={role ?? ""}
          onChange={(value) => change({ role: value })}
          style={{ width: 180 }}
          options={[
            { value: "", label: t(WORDS.anyRole) },
            ...roles.map((value) => ({ value, label: name("roles", value) })),
          ]}
        />
        <span>
          <Switch
            checked={inactive === "true"}
            onChange={(on) => change({ inactive: on ? "true" : null })}
            aria-label={t(WORDS.inactive)}
          />{" "}
          {t(WORDS.inactive)}
        </span>
      </Flex>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Table<Person>
          rowKey="id"
          size="middle"
          loading={isFetching && !data}
          dataSource={matching(data ?? [], text ?? "")}
          columns={columns}
          pagination={{ pageSize: 50, hideOnSinglePage: true }}
          scroll={{ x: 900 }}
          locale={{ emptyText: <Nothing words={WORDS.none} /> }}
        />
      )}
      {adding && <PersonForm person={null} done={() => setAdding(false)} />}
      {opened && may("people.manage") && <Account person={opened} done={() => change({ person: null })} />}
    </>
  );
}

function useColumns(open: (id: string) => void) {
  const t = useSay();
  const name = useName();
  const may = useMay();
  const list = useList();
  const seen = ({ sees }: Person) =>
    sees === null ? t(WORDS.byRole) : list(sees.map((team) => (team === "*" ? t(WORDS.everything) : team)));
  return [
    { title: t(WORDS.name), dataIndex: "name" },
    { title: t(WORDS.id), dataIndex: "id" },
    {
      title: t(WORDS.role),
      render: (_: unknown, each: Person) => list(each.roles.map((role) => name("roles", role))),
    },
    { title: t(WORDS.team), render: (_: unknown, each: Person) => each.team ?? "—" },
    { title: t(WORDS.sees), render: (_: unknown, each: Person) => seen(each) },
    { title: t(WORDS.reports), render: (_: unknown, each: Person) => each.reports_to ?? "—" },
    {
      title: t(WORDS.state),
      render: (_: unknown, each: Person) => (
        <Mark tone={each.active ? "good" : "plain"}>{t(each.active ? WORDS.active : WORDS.left)}</Mark>
      ),
    },
    ...(may("people.manage")
      ? [
          {
            title: "",
            render: (_: unknown, each: Person) => (
              <Button
                size="small"
                onClick={() => open(each.id)}
                aria-label={t(WORDS.changeWho, { name: each.name })}
              >
                {t(WORDS.change)}
              </Button>
            ),
          },
        ]
      : []),
  ];
}
