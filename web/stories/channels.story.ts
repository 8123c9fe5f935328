import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "vitest";
import { Visitor } from "./browser";
import { copyOfHouse, serve } from "./server";

test("an administrator tries a channel of notices", async () => {
  let status = 204;
  const receiver = createServer((asked, answer) => {
    asked.resume();
    answer.writeHead(status).end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const { port } = receiver.address() as AddressInfo;
  const data = copyOfHouse();
  const file = join(data, "notices.yaml");
  const url = `http://127.0.0.1:${port}/diting`;
  writeFileSync(
    file,
    [
      "id: stories",
      "version: 1",
      "link: http://127.0.0.1/app/cases/{id}",
      "channels:",
      `  desk: {type: webhook, url: "${url}", secrets: [desk], networks: [127.0.0.0/8]}`,
      "routes: []",
    ].join("\n"),
  );
  const secret = `whsec_${Buffer.from("a secret of this story alone").toString("base64")}`;
  const server = await serve(data, {
    DITING_NOTICES_FILE: file,
    DITING_NOTICES_SECRETS: JSON.stringify({ desk: secret }),
  });
  try {
    const visitor = await Visitor.signIn("admin", "zh", "/app/notices", { base: server.url });
    const { page } = visitor;
    const button = page.getByRole("button", { name: "向渠道 desk 发送测试消息" });
    await button.click();
    await page.getByText("测试消息已送达渠道 desk。").waitFor();
    status = 404;
    await button.click();
    await page.locator(".ant-modal-confirm-title", { hasText: "渠道 desk 未能送达" }).waitFor();
    await visitor.everybodyCanUseIt();
    await visitor.picture("notices-trial-zh");
    await page.getByRole("dialog").getByRole("button").click();
    await visitor.close();
  } finally {
    await server.stop();
    receiver.close();
    rmSync(data, { recursive: true });
  }
});
