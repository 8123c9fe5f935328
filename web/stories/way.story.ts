import { expect, test } from "vitest";
import { Visitor } from "./browser";

const HOUR_MS = 3_600_000;

test("a case goes its whole way, each step by who has to take it", async () => {
  // Which number a case has depends on which call was judged first.
  const head = await Hand.of("head", "/app/cases?level=medium&open=yes");
  const address = await head.page.locator('tbody a[href^="/app/cases/"]').first().getAttribute("href");
  const place = String(address);
  await head.page.goto(place);
  await head.step("审核签字", async () => {
    await head.choose("是否属实", "属实");
    await head.page.getByLabel("内容准确").check();
  });
  await head.leave();

  const control = await Hand.of("control", place);
  await control.step("投诉防控汇总", () => control.choose("复杂程度", "一般"));
  await control.step("成立处理组", async () => {
    await control.page.getByLabel("处理人编号").fill("officer");
    await control.page.getByLabel("人员编号").fill("officer");
    await control.choose("职责", "投诉防控专员");
    await control.page.getByRole("button", { name: "添加" }).click();
    await control.page.getByLabel("人员编号").last().fill("service");
    await control.choose("职责", "客服", 1);
    await control.visitor.everybodyCanUseIt();
  });

  const officer = await Hand.of("officer", place);
  await officer.step("原因分析", async () => {
    await officer.choose("原因维度", "人员");
    await officer.page.keyboard.press("Escape");
    await officer.page.getByLabel("原因", { exact: true }).fill("坐席语气强硬，未核实身份");
  });
  await officer.step("制定方案", async () => {
    await officer.page.getByLabel("目标").fill("客户理解并接受致歉");
    await officer.page.getByLabel("措施内容").fill("复核录音并致歉");
    await officer.page.getByLabel("责任人编号").fill("officer");
    await officer.page.getByLabel(/^期限/).fill(fromNow(48));
    await officer.visitor.everybodyCanUseIt();
  });
  await officer.step("联系客户", async () => {
    await officer.choose("渠道", "电话");
    await officer.page.getByLabel(/^时间/).fill(fromNow(-1));
    await officer.page.getByLabel("沟通内容").fill("致歉，客户表示接受");
    await officer.choose("客户情绪", "平静");
    await officer.visitor.everybodyCanUseIt();
  });
  await officer.step("措施完成", async () => {
    await officer.page.getByLabel("措施序号").fill("1");
    await officer.page.getByLabel("说明", { exact: true }).fill("已复核并致歉");
  });
  await officer.step("处理结果", async () => {
    await officer.choose("处理结果", "已致歉");
    await officer.page.getByLabel("说明", { exact: true }).fill("客户接受");
  });
  await officer.step("跟踪", async () => {
    await officer.page.getByLabel("跟踪情况").fill("一周内无新投诉");
    await officer.page.getByLabel("跟踪结束").check();
  });
  await officer.step("评估", async () => {
    await officer.choose("是否有效", "是");
    await officer.page.getByLabel("经验教训").fill("开场先核实身份");
  });
  await officer.leave();

  await control.step("结案", async () => {});
  expect(await control.page.locator(".ant-timeline").innerText()).toContain("结案");
  await control.visitor.everybodyCanUseIt();
  await control.visitor.picture("case-closed-zh");
  await control.leave();
});

/** `2026-05-30T14:00`, by the clock of the house. */
function fromNow(hours: number): string {
  const at = new Date(Date.now() + hours * HOUR_MS);
  const said = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Asia/Shanghai",
    dateStyle: "short",
    timeStyle: "short",
  });
  return said.format(at).replace(" ", "T");
}

/** One person at the case. */
class Hand {
  private constructor(readonly visitor: Visitor) {}

  static async of(person: string, place: string) {
    return new Hand(await Visitor.signIn(person, "zh", place));
  }

  get page() {
    return this.visitor.page;
  }

  async step(action: string, fill: () => Promise<void>) {
    await this.page.locator("#actions").waitFor();
    await this.page.getByRole("button", { name: action, exact: true }).first().click();
    const submit = this.page.locator(".ant-drawer button[type=submit]");
    await submit.waitFor();
    await fill();
    await submit.click();
    await submit.waitFor({ state: "detached" });
    await this.page.locator(".ant-timeline").getByText(action).first().waitFor();
  }

  async choose(label: string, value: string, place = 0) {
    await this.page
      .getByRole("combobox", { name: new RegExp(`${label}$`) })
      .nth(place)
      .click();
    await this.page
      .locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)")
      .getByText(value, { exact: true })
      .last()
      .click();
  }

  async leave() {
    await this.visitor.close();
  }
}
