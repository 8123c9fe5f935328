import { lazy } from "react";
import { Route, Routes } from "react-router";
import { NotThere } from "../../app/NotThere";
import { type Tab, Tabs } from "../../app/Tabs";
import { Board } from "./Board";
import { CasePage } from "./CasePage";
import { LedgerPage } from "./LedgerPage";

// Brings the charts, which the ledger and the cases do without.
const Months = lazy(() => import("./Months"));

const TABS: readonly Tab[] = [
  { path: "/cases", words: { zh: "台账", en: "Ledger" }, needs: "ledger.read" },
  { path: "/cases/board", words: { zh: "看板", en: "Board" }, needs: "cases.read" },
  { path: "/cases/months", words: { zh: "月度归因", en: "Months" }, needs: "learning.read" },
];

/** The desk of complaints: the ledger, what is open by state, single cases, and what months teach. */
export default function Cases() {
  return (
    <>
      <Tabs label={{ zh: "投诉处理", en: "Complaints" }} tabs={TABS} />
      <Routes>
        <Route index element={<LedgerPage />} />
        <Route path="board" element={<Board />} />
        <Route path="months" element={<Months />} />
        <Route path=":id" element={<CasePage />} />
        <Route path="*" element={<NotThere />} />
      </Routes>
    </>
  );
}
