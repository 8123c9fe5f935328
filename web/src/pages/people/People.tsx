import { Route, Routes } from "react-router";
import { NotThere } from "../../app/NotThere";
import { type Tab, Tabs } from "../../app/Tabs";
import { PersonList } from "./PersonList";
import { Teams } from "./Teams";

const TABS: readonly Tab[] = [
  { path: "/people", words: { zh: "人员", en: "People" }, needs: "people.read" },
  { path: "/people/teams", words: { zh: "团队", en: "Teams" }, needs: "people.read" },
];

/** The people of the house and the teams they are in. */
export default function People() {
  return (
    <>
      <Tabs label={{ zh: "人员与团队", en: "People and teams" }} tabs={TABS} />
      <Routes>
        <Route index element={<PersonList />} />
        <Route path="teams" element={<Teams />} />
        <Route path="*" element={<NotThere />} />
      </Routes>
    </>
  );
}
