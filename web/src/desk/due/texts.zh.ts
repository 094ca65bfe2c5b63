const n = (x: number) => x.toLocaleString('zh-CN')

export const zh = {
  burden: {
    title: '填报负担',
    intro: '登记要花多少工夫，按角色和台账合计，不记到个人。规则里少问一个字段、少报一次，这里的数字就会降下来。',
    byRole: (p: { weeks: number }) => `按角色（${n(p.weeks)} 周）`,
    role: '角色',
    people: '人数',
    typed: '表单登记',
    imported: '表格导入',
    fields: '填写字段',
    minutes: '用时（分钟）',
    perPerson: '每人每周（分钟）',
    byKind: '按台账',
    asked: '字段',
    required: '必填',
    every: '报送周期',
    perYear: '全年应报',
    perRecord: '每条用时',
    seconds: (p: { n: number }) => `${n(p.n)} 秒`,
    cycle: { month: '每月', quarter: '每季', year: '每年', '': '不定期' } as Record<string, string>,
    twice: '重复问的问题',
    twiceHint: '不同台账用同样的话问的问题。能从一处取的，就不要再填一次。',
    none: '这段时间还没有人在表单里登记',
  },
}
