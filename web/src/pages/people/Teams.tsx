import { Button, Flex, Switch, Table, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useMay } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark } from "../../shared/Mark";
import { Failed, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { TeamForm } from "./TeamForm";

const WORDS = {
  title: { zh: "团队", en: "Teams" },
  add: { zh: "添加团队", en: "Add a team" },
  inactive: { zh: "显示已停用", en: "Show inactive ones" },
  none: {
    zh: "还没有团队。在人员资料中填写团队，或在此添加。",
    en: "There is no team yet. Name one with a person, or add one here.",
  },
  name: { zh: "编号（与通话中一致）", en: "Name (as in calls)" },
  called: { zh: "名称", en: "Title" },
  people: { zh: "在用人数", en: "People" },
  state: { zh: "状态", en: "State" },
  active: { zh: "在用", en: "active" },
  ended: { zh: "已停用", en: "inactive" },
  unknown: { zh: "未登记", en: "not added" },
  register: { zh: "登记", en: "Add" },
  registerWhich: { zh: "登记团队 {name}", en: "Add team {name}" },
  change: { zh: "修改", en: "Change" },
  changeWhich: { zh: "修改团队 {name}", en: "Change team {name}" },
} satisfies Record<string, Words>;

type Team = Schemas["TeamOut"];

/** The teams of the house, also those that only people name. */
export function Teams() {
  const t = useSay();
  const may = useMay();
  const [{ inactive }, change] = useAddress("inactive");
  const [open, setOpen] = useState<Team | "new" | null>(null);
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/teams", {
    params: { query: { inactive: inactive === "true" } },
  });
  return (
    <>
      <Flex justify="space-between" align="center" wrap gap="small">
        <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
        {may("people.manage") && (
          <Button type="primary" onClick={() => setOpen("new")}>
            {t(WORDS.add)}
          </Button>
        )}
      </Flex>
      <div className="filters">
        <Switch
          checked={inactive === "true"}
          onChange={(on) => change({ inactive: on ? "true" : null })}
          aria-label={t(WORDS.inactive)}
        />{" "}
        {t(WORDS.inactive)}
      </div>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Table<Team>
          rowKey="name"
          size="middle"
          loading={isFetching && !data}
          dataSource={data ?? []}
          pagination={false}
          scroll={{ x: 600 }}
          locale={{ emptyText: <Nothing words={WORDS.none} /> }}
          columns={[
            { title: t(WORDS.name), dataIndex: "name" },
            { title: t(WORDS.called), dataIndex: "title" },
            {
              title: t(WORDS.people),
              render: (_, team) => (
                <Link to={`/people?text=${encodeURIComponent(team.name)}`}>{team.people}</Link>
              ),
            },
            { title: t(WORDS.state), render: (_, team) => <State team={team} /> },
            ...(may("people.manage")
              ? [
                  {
                    title: "",
                    render: (_: unknown, team: Team) => (
                      <Button
                        size="small"
                        onClick={() => setOpen(team)}
                        aria-label={t(team.added ? WORDS.changeWhich : WORDS.registerWhich, {
                          name: team.name,
                        })}
                      >
                        {t(team.added ? WORDS.change : WORDS.register)}
                      </Button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {open && <TeamForm team={open === "new" ? null : open} done={() => setOpen(null)} />}
    </>
  );
}

function State({ team }: { team: Team }) {
  const t = useSay();
  if (!team.added) {
    return <Mark tone="warn">{t(WORDS.unknown)}</Mark>;
  }
  return <Mark tone={team.active ? "good" : "plain"}>{t(team.active ? WORDS.active : WORDS.ended)}</Mark>;
}
