import { Route, Routes } from "react-router";
import { NotThere } from "../../app/NotThere";
import { CallList } from "./CallList";
import { CallPage } from "./CallPage";

/** Calls, and the page on which one is heard and reviewed. */
export default function Calls() {
  return (
    <Routes>
      <Route index element={<CallList />} />
      <Route path=":call" element={<CallPage />} />
      <Route path="*" element={<NotThere />} />
    </Routes>
  );
}
