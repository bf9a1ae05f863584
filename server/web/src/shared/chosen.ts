/** The filters among `names` that are set, in words: a list's pages may be opened by an address that no field shows. */
export function chosenOf(
  filters: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
  t: (key: string) => string,
  street: (code: string) => string,
): { name: string; text: string }[] {
  return names.flatMap((name) => {
    const value = filters[name]
    return value ? [{ name, text: `${t(`office.chosen.${name}`)} ${name === 'subdistrict' ? street(value) : value}` }] : []
  })
}
