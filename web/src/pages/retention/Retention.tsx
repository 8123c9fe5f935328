import { Route, Routes } from "react-router";
import { NotThere } from "../../app/NotThere";
import { type Tab, Tabs } from "../../app/Tabs";
import { Holds } from "./Holds";
import { Policy } from "./Policy";
import { Proof } from "./Proof";
import { Subjects } from "./Subjects";

const TABS: readonly Tab[] = [
  {
    path: "/retention",
    words: { zh: "保存期限与删除", en: "Policy and deletions" },
    needs: "retention.read",
  },
  { path: "/retention/holds", words: { zh: "证据保全", en: "Legal holds" }, needs: "retention.read" },
  {
    path: "/retention/people",
    words: { zh: "个人信息请求", en: "Requests of people" },
    needs: "subjects.erase",
  },
  { path: "/retention/proof", words: { zh: "删除证明", en: "Proof of deletion" }, needs: "retention.prove" },
];

/** How long things are kept, what holds them, and the proof that what was deleted is gone. */
export default function Retention() {
  return (
    <>
      <Tabs label={{ zh: "保存与保全", en: "Retention" }} tabs={TABS} />
      <Routes>
        <Route index element={<Policy />} />
        <Route path="holds" element={<Holds />} />
        <Route path="people" element={<Subjects />} />
        <Route path="proof" element={<Proof />} />
        <Route path="*" element={<NotThere />} />
      </Routes>
    </>
  );
}
