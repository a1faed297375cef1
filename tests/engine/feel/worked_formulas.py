"""The assessment's formulas as FEEL, one text each; several figures come as entries of a context.

Rounding half up is always written in the expression. Where a text asks for a name that is no input of the
case (a threshold, a share), it stands in the text: these are what a profile would hold.
"""

from __future__ import annotations

ZONE = (
    'zone: if score >= 90 then "绿/优秀" else if score >= 80 then "蓝/良好" '
    'else if score >= 60 then "黄/一般" else "红/较差"'
)
TOTAL_2010 = (
    "{score: 0.65 * E + 0.05 * L + 0.25 * P + 0.05 * V, score2: round half up(score, 2), " + ZONE + "}"
)
TOTAL_2008 = "{score: 0.70 * I + 0.30 * X, " + ZONE + "}"
INTERNAL_2008 = "{I: round half up((S - 0.30 * X) / 0.70, 3)}"
DEPARTMENT = "{E: 0.45 * 业绩 + 0.20 * 效率 + 0.25 * 执行力 + 0.10 * 成本}"
DISTRICT = "{E: 0.10 * 经济调节 + 0.45 * 公共服务 + 0.25 * 社会管理 + 0.20 * 市场监管}"
CHAIN = (
    "{E: sum(for i in 1..4 return dims[i] * [0.45, 0.20, 0.25, 0.10][i]), "
    "score: 0.65 * E + 0.05 * L + 0.25 * P + 0.05 * V, " + ZONE + "}"
)
SERVICE_WEIGHT = "{valid: number(weight_pct) >= 5}"
OUTSIDE_SHARE = "{valid: for c in cases return c[1] >= 30 and c[2] >= 15}"
BASE_AND_BONUS = (
    "{base_100: 0.6 * A + 0.3 * B + 0.1 * C, base_1000: 10 * base_100, "
    "bonus_applied: min(plus, 50), penalty_applied: min(minus, 50), "
    "total_100: base_100 + bonus_applied - penalty_applied, "
    "total_1000: base_1000 + bonus_applied - penalty_applied, excellent_eligible: not(veto)}"
)
OBSERVED = (
    "{excellent_pct: round half up(100 * excellent / units, 2), indicators: sum(indicators), "
    "per_unit: round half up(responses / units, 1)}"
)
TARGETS = (
    "{weighted: 100 * sum(for i in items return i.w * (alpha * i.real + (1 - alpha) * i.meas)) "
    "/ sum(items.w), base95: 0.95 * weighted, exact bonus: if total = 0 then 0 else 5 * over / total, "
    "bonus5: round half up(exact bonus, 4), score100: round half up(base95 + exact bonus, 4), "
    "score45: round half up(0.45 * (base95 + exact bonus), 4)}"
)
CHALLENGE_MET = (
    "{of: function(items) 100 * sum(for i in items return i.w * (alpha * i.real + (1 - alpha) * i.meas)) "
    '/ sum(items.w), met: list replace(items, 3, context put(items[3], "meas", 1)), '
    "weighted: of(met), base95: 0.95 * weighted, gain: 0.95 * (of(met) - of(items))}"
)
ACHIEVED = '{实现程度: round half up(min(1, if dir = "up" then actual / target else target / actual), 4)}'
HOUSING = "{sum: sum(v), implied_2016: goal - sum}"
CHALLENGE = (
    "{H: better_than_benchmark or rank <= 3 or rank_gain > 3, "
    'growth: 100 * (if dir = "up" then target - own_best else own_best - target) / own_best, '
    "growth_pct: round half up(growth, 2), V: growth >= 10, AND: H and V, OR: H or V}"
)
RATE = (
    "{valid: sum(counts), exact: 100 * sum(sublist(counts, 1, 3)) / valid, "
    "rate: round half up(exact, 2), pass85: exact >= 85}"
)
RATE_AVERAGE = (
    "{rates: for c in items return 100 * sum(sublist(c, 1, 3)) / sum(c), "
    "mean_of_items: round half up(mean(rates), 2), "
    "pooled: round half up(100 * sum(for c in items return sum(sublist(c, 1, 3))) "
    "/ sum(for c in items return sum(c)), 2), pass85: mean(rates) >= 85}"
)
MARKS = "marks: [100, 80, 60, 30, 0], of: function(n) sum(for i in 1..5 return n[i] * marks[i]) / sum(n)"
SURVEY = "{" + MARKS + ", score: round half up(of(counts), 4)}"
STRATA = (
    "{" + MARKS + ", layer_scores: for c in counts return of(c), "
    "score: sum(for l in 1..3 return w[l] * layer_scores[l])}"
)
LEADERS = (
    "{known: scores[item != null], n: count(known), mean: round half up(mean(known), 4), "
    "as_100: round half up(20 * mean(known), 4)}"
)
INNOVATION = (
    "{trimmed: function(m) (sum(m) - max(m) - min(m)) / (count(m) - 2), "
    "parts: [trimmed(难度), trimmed(效度), trimmed(third)], "
    "trim: for p in parts return round half up(p, 4), "
    "exact: 0.42 * parts[1] + 0.56 * parts[2] + 0.42 * parts[3], expert: round half up(exact, 4), "
    "verify: sum(核验), bonus: round half up(exact + verify, 4)}"
)
STANDARD_SCORES = (
    "{sd: function(m) sqrt(mean(for x in m return (x - mean(m)) ** 2)), "
    "z: function(m) for x in m return (x - mean(m)) / sd(m), "
    "raw_mean: for i in 1..3 return (expertA[i] + expertB[i]) / 2, "
    "z_mean: for i in 1..3 return round half up((z(expertA)[i] + z(expertB)[i]) / 2, 4), "
    "ranked: function(s) for p in sort(for i in 1..3 return {i: i, s: s[i]}, function(a, b) a.s > b.s) "
    'return "P" + string(p.i), raw_rank: ranked(raw_mean), z_rank: ranked(z_mean)}'
)
AWARDS = "{创新奖: floor(N * 0.15), 提名奖: floor(N * 0.20), 鼓励奖: floor(N * 0.25)}"
NO_SQUEEZE = (
    "{units: for u in get entries(pre) return {name: u.key, pre: number(u.value), "
    'final: pre + number(get or else(get value(bonus, u.key), "0"))}, '
    "best: function(by) sort(units, function(a, b) get value(a, by) > get value(b, by)), "
    'cutoff: best("pre")[quota].pre, final: context(for u in units return {key: u.name, value: u.final}), '
    'advanced: best("final")[final >= cutoff].name, count: count(advanced), '
    'naive_top2: sublist(best("final"), 1, quota).name}'
)
# The parts come unrounded from the examples before it: rounding twice would lose the last digit.
TOTAL = (
    "{exact: 0.45 * (0.95 * weighted + 5 * over / total), target: round half up(exact, 4), "
    "social: 0.50 * social100, marks: mean(leaders[item != null]), leader: round half up(marks, 4), "
    "innovation: 0.42 * 难度 + 0.56 * 效度 / 3 + 0.42 * third + verify, "
    "before_bonus: round half up(exact + social + marks, 4), "
    "total: round half up(exact + social + marks + innovation, 4)}"
)
QUOTA = (
    '{delta: if rule = "2010" then (if grade = "优" then 3 else if grade = "差" then -3 else 0) '
    'else if streak >= 3 then (if grade = "优秀" then 5 else if grade = "较差" then -5 else 0) else 0, '
    "ratio_pct: base_pct + delta, seats: floor(staff * ratio_pct / 100)}"
)
MONITOR = (
    "{plan: target * month / 12, dev: 100 * (actual - plan) / plan, dev_pct: round half up(dev, 2), "
    'light: if dev >= -5 then "绿" else if dev >= -10 then "黄" else "红"}'
)
RATES = "{score: 0.30 * responded + 0.35 * resolved + 0.35 * satisfied}"
HOTLINE = (
    '{status: for c in cases return if c[2] < 20 then "只测评不公布" else if c[1] >= 95 then "优秀" '
    'else if c[1] >= 90 then "达标" else "不合格→黄牌(末位)"}'
)
REPORT = (
    '{first: date(month + "-01") + @"P1M", last: first + @"P1M" - @"P1D", '
    "works: function(d) d.weekday < 6 and not(list contains(holidays, d)), "
    "days: (for d in first..last return d)[works(item)], due: days[5], "
    'earlier: (for d in (due - @"P20D")..(due - @"P1D") return d)[works(item)], warn: earlier[-5], '
    'yellow: date and time(due, time("23:59:59")), '
    'later: (for d in (due + @"P1D")..(due + @"P20D") return d)[works(item)], red: later[2]}'
)
