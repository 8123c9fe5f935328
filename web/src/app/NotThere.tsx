import { Link } from "react-router";
import { Nothing } from "../shared/States";
import { useSay } from "../shared/words";

/** An address that no page has. */
export function NotThere() {
  const t = useSay();
  return (
    <Nothing words={{ zh: "没有这个页面。", en: "There is no such page." }}>
      <Link to="/">{t({ zh: "回到首页", en: "To the start page" })}</Link>
    </Nothing>
  );
}
