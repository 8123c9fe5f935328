import { Button, Flex } from "antd";
import { useNavigate } from "react-router";
import { useAddress } from "./address";
import { useSay } from "./words";

/** To the next page of a list that is cut by cursors, and back. */
export function Pages({ next }: { next: string | null | undefined }) {
  const t = useSay();
  const back = useNavigate();
  const [{ cursor }, change] = useAddress("cursor");
  if (!next && !cursor) {
    return null;
  }
  return (
    <Flex gap="small" justify="end" className="pages">
      <Button disabled={!cursor} onClick={() => back(-1)}>
        {t({ zh: "上一页", en: "Back" })}
      </Button>
      <Button disabled={!next} onClick={() => change({ cursor: next ?? null })}>
        {t({ zh: "下一页", en: "Next" })}
      </Button>
    </Flex>
  );
}
