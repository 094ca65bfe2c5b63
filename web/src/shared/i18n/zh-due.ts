// The words of what is owed, of news and of the channels they go by.
const n = (x: number) => x.toLocaleString('zh-CN')

export const zhDue = {
  due: {
    title: '报送情况',
    state: { open: '未到期', missing: '欠报', delivered: '按时', late: '逾期报', exempt: '免报' } as Record<string, string>,
    kinds: '台账',
    month: (p: { n: number }) => `${p.n}月`,
    total: (p: { of: number; done: number; late: number; missing: number; open: number; exempt: number }) =>
      `应报 ${n(p.of)} 件，已报 ${n(p.done)}${p.late ? `（其中逾期 ${n(p.late)}）` : ''}，欠报 ${n(p.missing)}${p.open ? `，未到期 ${n(p.open)}` : ''}${p.exempt ? `，免报 ${n(p.exempt)}` : ''}`,
    onlyMissing: '只看欠报的单位',
    remindAll: (p: { n: number }) => `催报 ${n(p.n)} 件`,
    remindOne: '催报',
    reminded: (p: { units: number; persons: number }) => `已提醒 ${n(p.units)} 个单位的 ${n(p.persons)} 人`,
    already: (p: { n: number }) => `${n(p.n)} 个单位今天已提醒过`,
    nobody: (p: { t: string }) => `没有可提醒的经办人：${p.t}`,
    lastReminded: (p: { t: string }) => `上次提醒 ${p.t}`,
    dueBy: (p: { t: string }) => `截止 ${p.t}`,
    deliveredOn: (p: { t: string }) => `${p.t} 报送`,
    lateDays: (p: { n: number }) => `逾期 ${n(p.n)} 天`,
    exempt: '免报…',
    unexempt: '恢复应报',
    exemptTitle: (p: { unit: string; period: string }) => `${p.unit}${p.period}免报`,
    exemptHint: '免报后不再计入应报件数，原因会一直写在这里。',
    exempted: '已记为免报',
    unexempted: '已恢复为应报',
    records: '看登记的记录',
    enter: '去登记',
    none: '这段时间没有要报送的台账',
    noneHint: '台账的规则写明多久报一次；期间结束后，应报的单位会列在这里。',
    allDone: '都报齐了',
    absent: '谁还没报',
    absentOf: (p: { n: number; of: number }) => `欠 ${n(p.n)} / 应 ${n(p.of)}`,
    goRemind: '去催报',
    all: '全部报送情况',
    cell: (p: { unit: string; period: string; state: string }) => `${p.unit} ${p.period} ${p.state}`,
  },
}
