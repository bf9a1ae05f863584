import { words } from '@/shared/words'

export const meWords = words(
  {
    title: '我的',
    light: '浅色',
    dark: '深色',
    who: '{role} · {unit}',
    since: '{when} 在这台平板登记',
    log: { title: '巡查日志', lead: '日志自动写成：当天做的都在这里，可复制到群里或纸上。', day: '日期', empty: '这一天没有记录。', copy: '复制全文', copied: '已复制', walked: '巡查 {n} 次，{communities} 个小区', found: '发现问题 {n} 个', steps: '办理案件 {n} 件', track: '轨迹 {metres}', from: '{from} 至 {to}', head: '{date} 巡查日志　{name}', inOrder: '未发现问题', problems: '问题 {n} 个' },
    phrases: { title: '常用语', lead: '写备注时一点就用。只存在这台平板里。', add: '新的常用语', put: '加入', remove: '删除“{phrase}”', empty: '还没有常用语。' },
    storage: { title: '存储与同步', persisted: '已向浏览器申请永久保存：数据不会被自动清除。', notPersisted: '浏览器没有答应永久保存。存储紧张时可能清除数据：请把本页“添加到主屏幕”，并常同步。', used: '已用 {used}，共 {quota}', days: '还能存约 {n} 天的照片（忙的一天约 {day}）', way: { sync: '有 {bytes} 照片还没送达。连上无线网同步；送达 30 天后，本机自动清掉。', seen: '看过的别人照片占 {bytes}，可以忘掉，需要时再下载。', free: '忘掉看过的照片', tablet: '在平板设置里删除别的应用、视频和下载的文件。', kept: '已交出和未交出的巡查、草稿、照片都还在，不会因为存满而丢。' }, room: { enough: '空间充足', tight: '空间快满了：请尽快同步，清理平板上的其他内容', full: '空间已满：下一张照片可能存不下' }, records: '平板里的资料', receipts: '服务器回执 {n} 份，最后一份 {when}', noReceipts: '还没有服务器回执。', clock: '时钟', right: '与服务器一致', unknown: '还没有核对', fast: '比服务器快 {span}', slow: '比服务器慢 {span}', last: '最后同步', heard: '最后收到服务器回应', next: '下次自动同步', cells: '我的网格', metered: '允许用流量传照片' },
    propose: { title: '现场登记', report: '路过发现问题', complaint: '登记居民投诉', facility: '新增设施', site: '提议充电点位' },
    other: { title: '这台平板', handOver: '换人 / 再登记', update: '程序', forget: '从这台平板移除我', forgetAsk: '移除后，这台平板上您的数据和登记都会删除。确定吗？', waiting: '还有 {n} 条没有送达。先同步，或在“待送”里导出到文件，才能移除。' },
    records: { case: '案件', community: '小区', building: '楼栋', facility: '设施', inspection: '巡查记录', checklist: '检查表', grid_cell: '网格' },
    preferences: '显示',
  },
  {
    title: 'Me',
    light: 'Light',
    dark: 'Dark',
    who: '{role} · {unit}',
    since: 'Enrolled here on {when}',
    log: { title: 'Day’s log', lead: 'It writes itself: all that was done that day, ready to be copied into a chat or onto paper.', day: 'Day', empty: 'Nothing recorded on this day.', copy: 'Copy all', copied: 'Copied', walked: 'Inspections: {n}, communities: {communities}', found: 'Problems found: {n}', steps: 'Cases handled: {n}', track: 'Track: {metres}', from: '{from} to {to}', head: 'Log of {date}, {name}', inOrder: 'nothing found', problems: '{n} problem | {n} problems' },
    phrases: { title: 'Phrases', lead: 'One touch puts them into a note. They stay on this tablet.', add: 'A new phrase', put: 'Add', remove: 'Remove “{phrase}”', empty: 'No phrase yet.' },
    storage: { title: 'Storage and sync', persisted: 'The browser has promised to keep the data.', notPersisted: 'The browser has not promised to keep the data; short of room it may clear them. Add this page to the home screen, and sync often.', used: '{used} of {quota} used', days: 'Room for photos of about {n} more days (a busy day takes {day})', way: { sync: '{bytes} of photos have not arrived. Find a wireless network and sync; thirty days after they arrived they are cleared here.', seen: 'Photos of others that you looked at take {bytes}. They can be forgotten and fetched again.', free: 'Forget photos looked at', tablet: 'Delete other apps, videos and downloads in the tablet’s settings.', kept: 'Inspections, drafts and photos that are here stay: nothing is lost because the tablet is full.' }, room: { enough: 'Enough room', tight: 'Room is running out: sync soon, and clean up the tablet', full: 'No room: the next photo may not fit' }, records: 'On this tablet', receipts: '{n} receipt of the server, the last {when} | {n} receipts of the server, the last {when}', noReceipts: 'No receipt of the server yet.', clock: 'Clock', right: 'as the server’s', unknown: 'not checked yet', fast: '{span} ahead of the server', slow: '{span} behind the server', last: 'Last sync', heard: 'Server last heard', next: 'Next sync by itself', cells: 'My cells', metered: 'Allow photos over paid lines' },
    propose: { title: 'From the field', report: 'Report a problem in passing', complaint: 'Take down a complaint', facility: 'Add a facility', site: 'Propose a charging site' },
    other: { title: 'This tablet', handOver: 'Another person', update: 'Program', forget: 'Remove me from this tablet', forgetAsk: 'Your data and your enrolment on this tablet will be deleted. Are you sure?', waiting: '{n} items have not arrived yet. Sync first, or export them to a file under “Outbox”.' },
    records: { case: 'Cases', community: 'Communities', building: 'Buildings', facility: 'Facilities', inspection: 'Inspections', checklist: 'Checklists', grid_cell: 'Cells' },
    preferences: 'Display',
  },
)
