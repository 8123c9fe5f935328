import { Route, Routes } from "react-router";
import { NotThere } from "../../app/NotThere";
import { FindRule } from "./FindRule";
import { PackList } from "./PackList";
import { PackPage } from "./PackPage";
import { Proposal } from "./Proposal";
import { RuleEditor } from "./RuleEditor";
import { RulePage } from "./RulePage";

/** What calls are judged by, and why. */
export default function Rules() {
  return (
    <Routes>
      <Route index element={<PackList />} />
      <Route path="find/:rule" element={<FindRule />} />
      <Route path=":pack" element={<PackPage />} />
      <Route path=":pack/new" element={<RuleEditor />} />
      <Route path=":pack/proposals/:proposal" element={<Proposal />} />
      <Route path=":pack/:rule" element={<RulePage />} />
      <Route path=":pack/:rule/edit" element={<RuleEditor />} />
      <Route path="*" element={<NotThere />} />
    </Routes>
  );
}
