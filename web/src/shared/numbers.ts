/** A share in percent; one of nothing is none. */
export function percent(share: number | null | undefined): string {
  return share == null ? "—" : `${Math.round(share * 1000) / 10} %`;
}
