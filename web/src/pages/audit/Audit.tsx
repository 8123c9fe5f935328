import { Route, Routes } from "react-router";
import { NotThere } from "../../app/NotThere";
import { type Tab, Tabs } from "../../app/Tabs";
import { Entries } from "./Entries";
import { Views } from "./Views";

const TABS: readonly Tab[] = [
  { path: "/audit", words: { zh: "审计日志", en: "Audit log" }, needs: "audit.read" },
  { path: "/audit/views", words: { zh: "查看记录", en: "Who saw what" }, needs: "views.read" },
];

/** What was done, by whom, that nobody changed it since, and who saw or heard what. */
export default function Audit() {
  return (
    <>
      <Tabs label={{ zh: "审计", en: "Audit" }} tabs={TABS} />
      <Routes>
        <Route index element={<Entries />} />
        <Route path="views" element={<Views />} />
        <Route path="*" element={<NotThere />} />
      </Routes>
    </>
  );
}
