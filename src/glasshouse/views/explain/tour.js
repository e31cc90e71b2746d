// The guided tour: eight questions, a guess for each, then what the model finds. One file for the studio and for the
// folder that `glasshouse explain` writes; it draws with the DOM alone, sets no style attribute and asks for nothing.

const LOCALE = { en: 'en-GB', zh: 'zh-CN' };
const SVG = 'http://www.w3.org/2000/svg';
const POWERS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000];

// Values that a guess may take, in the order of the slider; the line of the answer has the same scale.
const SCALES = {
  count: { values: [0, ...POWERS], ticks: [0, 10, 100, 1000, 10000] },
  times: { values: POWERS.slice(0, 13), ticks: [1, 10, 100, 1000, 10000] },
  percent: { values: Array.from({ length: 101 }, (_, k) => k), ticks: [0, 25, 50, 75, 100] },
  days: { values: Array.from({ length: 74 }, (_, k) => 10 * k), ticks: [0, 90, 180, 365, 730] },
};

/** Return where a value stands on a scale, 0 to 1. */
export function place(scale, value) {
  const { values } = SCALES[scale];
  const last = values.length - 1;
  if (value <= values[0]) return 0;
  if (value >= values[last]) return 1;
  const after = values.findIndex((one) => one >= value);
  const [low, high] = [values[after - 1], values[after]];
  return (after - 1 + (value - low) / (high - low)) / last;
}

/** Return a number as a language writes it, with as many digits as say something. */
export function shown(value, language) {
  const size = Math.abs(value);
  const maximumSignificantDigits = size < 1 ? 1 : size < 1000 ? 3 : 4;
  return new Intl.NumberFormat(LOCALE[language], { maximumSignificantDigits }).format(value);
}

/** Return a text with its `{name}` filled in; `{name:range}` is the least and the most over seeds. */
export function filled(text, params, values, words, language) {
  return text.replace(/\{([\w.]+)(:range)?\}/g, (whole, name, range) => {
    if (name in params) return typeof params[name] === 'number' ? shown(params[name], language) : params[name];
    const found = values[name];
    if (!found) return whole;
    if (!range || found.low === undefined) return shown(found.value, language);
    const [low, high] = [shown(found.low, language), shown(found.high, language)];
    return words.range.replace('{low}', low).replace('{high}', high);
  });
}

function make(tag, attributes = {}, ...inside) {
  const node = tag.startsWith('svg:') ? document.createElementNS(SVG, tag.slice(4)) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...inside.filter((one) => one !== null && one !== undefined));
  return node;
}

/**
 * Draw the tour into a node.
 * @param {HTMLElement} root Where it is drawn; what stands there goes.
 * @param {{steps: object[], numbers: object, texts: object, language: string}} wish What is told, in one language.
 * @returns {{speak(texts: object, language: string): void}} Speaks another language and keeps the place and the guesses.
 */
export function tour(root, wish) {
  const { steps, numbers } = wish;
  let { texts, language } = wish;
  const guesses = steps.map((step) => Math.floor(SCALES[step.scale].values.length / 2));
  const open = steps.map(() => false);
  let at = 0;

  const say = (text, params = {}) => filled(text, params, numbers.values, texts.ui, language);
  const of = (step) => texts.steps[step.id];
  const amount = (scale, value) => say(texts.scale[scale], { n: value });
  const guessOf = (k) => SCALES[steps[k].scale].values[guesses[k]];

  function go(to) {
    at = Math.max(0, Math.min(steps.length, to));
    draw();
    root.querySelector('h2').focus();
  }

  function draw() {
    root.replaceChildren(at === steps.length ? end() : step(at));
    root.lang = language === 'zh' ? 'zh-Hans' : 'en';
  }

  function step(k) {
    const one = steps[k];
    const words = of(one);
    return make(
      'section',
      { class: 'tour', 'aria-labelledby': 'tour-title' },
      progress(k),
      make('h2', { id: 'tour-title', tabindex: -1 }, words.title),
      ...words.tell.map((text) => make('p', {}, say(text))),
      open[k] ? answer(k) : question(k),
      turn(k),
    );
  }

  function progress(k) {
    const dots = steps.map((_, j) => make('li', { class: j === k ? 'now' : open[j] ? 'done' : '' }));
    return make(
      'div',
      { class: 'tour-progress' },
      make('p', {}, say(texts.ui.step, { n: k + 1, of: steps.length })),
      make('ol', { 'aria-hidden': 'true' }, ...dots),
    );
  }

  function question(k) {
    const { scale } = steps[k];
    const { values } = SCALES[scale];
    const told = make('output', { for: 'tour-guess', class: 'tour-told' }, amount(scale, guessOf(k)));
    const slider = make('input', {
      id: 'tour-guess',
      type: 'range',
      min: 0,
      max: values.length - 1,
      step: 1,
      value: guesses[k],
      'aria-valuetext': amount(scale, guessOf(k)),
      oninput: () => {
        guesses[k] = Number(slider.value);
        told.textContent = amount(scale, guessOf(k));
        slider.setAttribute('aria-valuetext', told.textContent);
      },
    });
    const reveal = (event) => {
      event.preventDefault();
      open[k] = true;
      draw();
      root.querySelector('.tour-answer h3').focus();
    };
    return make(
      'form',
      { class: 'tour-question', onsubmit: reveal },
      make('label', { for: 'tour-guess' }, say(of(steps[k]).ask)),
      told,
      slider,
      make(
        'p',
        { class: 'tour-ends', 'aria-hidden': 'true' },
        make('span', {}, amount(scale, values[0])),
        make('span', {}, amount(scale, values[values.length - 1])),
      ),
      make('button', { type: 'submit', class: 'tour-main' }, texts.ui.show),
    );
  }

  function answer(k) {
    const one = steps[k];
    const words = of(one);
    return make(
      'div',
      { class: 'tour-answer' },
      make('p', { class: 'tour-asked' }, say(words.ask)),
      make('h3', { tabindex: -1 }, say(words.found)),
      line(k),
      table(k),
      ...words.why.map((text) => make('p', {}, say(text))),
      make('p', { class: 'tour-limit' }, say(words.limit)),
      make('p', { class: 'tour-command' }, texts.ui.again, ' ', make('code', {}, one.command)),
    );
  }

  function marks(k) {
    const one = steps[k];
    const found = [[one.answer, 'model', of(one).model ?? texts.ui.model]];
    for (const [name, word] of one.others ?? []) found.push([name, 'other', texts.ui[word]]);
    return found.map(([name, kind, label]) => ({ ...numbers.values[name], kind, label }));
  }

  function line(k) {
    const { scale } = steps[k];
    const [left, wide, mid] = [20, 600, 34];
    const x = (value) => (left + wide * place(scale, value)).toFixed(1);
    const ticks = SCALES[scale].ticks.flatMap((value) => [
      make('svg:line', { class: 'tick', x1: x(value), x2: x(value), y1: mid, y2: mid + 7 }),
      make('svg:text', { x: x(value), y: mid + 24, 'text-anchor': 'middle' }, shown(value, language)),
    ]);
    const points = marks(k).flatMap((one) => [
      one.low === undefined
        ? null
        : make('svg:line', { class: `range ${one.kind}`, x1: x(one.low), x2: x(one.high), y1: mid, y2: mid }),
      make('svg:circle', { class: one.kind, cx: x(one.value), cy: mid, r: 9 }),
    ]);
    const g = Number(x(guessOf(k)));
    const guess = make('svg:path', { class: 'guess', d: `M${g} ${mid - 12}l10 -17h-20z` });
    return make(
      'svg:svg',
      { class: 'tour-line', viewBox: '0 0 640 66', role: 'img', 'aria-label': spoken(k) },
      make('svg:line', { class: 'axis', x1: left, x2: left + wide, y1: mid, y2: mid }),
      ...ticks,
      ...points.filter(Boolean),
      guess,
    );
  }

  function spoken(k) {
    const { scale } = steps[k];
    const told = [`${texts.ui.guess}: ${amount(scale, guessOf(k))}`];
    return [...told, ...marks(k).map((one) => `${one.label}: ${amount(scale, one.value)}`)].join('; ');
  }

  function table(k) {
    const { scale } = steps[k];
    const row = (kind, label, value, low, high) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, make('i', { class: `tour-key ${kind}`, 'aria-hidden': 'true' }), label),
        make('td', {}, amount(scale, value)),
        make('td', {}, low === undefined ? texts.ui.exact : say(texts.ui.range, { low, high })),
      );
    return make(
      'table',
      { class: 'tour-table' },
      make('caption', {}, texts.ui.caption),
      make(
        'thead',
        {},
        make('tr', {}, make('td', {}), make('th', { scope: 'col' }, texts.ui.value), make('th', { scope: 'col' }, texts.ui.spread)),
      ),
      make(
        'tbody',
        {},
        make('tr', {}, make('th', { scope: 'row' }, make('i', { class: 'tour-key guess', 'aria-hidden': 'true' }), texts.ui.guess), make('td', {}, amount(scale, guessOf(k))), make('td', {})),
        ...marks(k).map((one) => row(one.kind, one.label, one.value, one.low, one.high)),
      ),
    );
  }

  function turn(k) {
    const back = make('button', { type: 'button', disabled: k === 0, onclick: () => go(k - 1) }, texts.ui.back);
    const on = make(
      'button',
      { type: 'button', class: open[k] ? 'tour-main' : '', onclick: () => go(k + 1) },
      k + 1 === steps.length ? texts.ui.finish : open[k] ? texts.ui.next : texts.ui.skip,
    );
    return make('div', { class: 'tour-turn', role: 'group', 'aria-label': texts.ui.turn }, back, on);
  }

  function end() {
    const rows = steps.map((one, k) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, make('button', { type: 'button', class: 'tour-link', onclick: () => go(k) }, of(one).title)),
        make('td', {}, open[k] ? amount(one.scale, guessOf(k)) : '\u2013'),
        make('td', {}, open[k] ? amount(one.scale, numbers.values[one.answer].value) : texts.ui.unopened),
      ),
    );
    return make(
      'section',
      { class: 'tour', 'aria-labelledby': 'tour-title' },
      make('h2', { id: 'tour-title', tabindex: -1 }, texts.end.title),
      make('table', { class: 'tour-table tour-sum' }, make('caption', {}, texts.end.caption), make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, texts.end.question), make('th', { scope: 'col' }, texts.ui.guess), make('th', { scope: 'col' }, texts.ui.model))), make('tbody', {}, ...rows)),
      ...texts.end.tell.map((text) => make('p', {}, say(text))),
      make('div', { class: 'tour-turn', role: 'group', 'aria-label': texts.ui.turn }, make('button', { type: 'button', onclick: () => go(steps.length - 1) }, texts.ui.back), make('button', { type: 'button', class: 'tour-main', onclick: again }, texts.ui.restart)),
    );
  }

  function again() {
    open.fill(false);
    go(0);
  }

  draw();
  return {
    speak(otherTexts, otherLanguage) {
      [texts, language] = [otherTexts, otherLanguage];
      draw();
    },
  };
}
