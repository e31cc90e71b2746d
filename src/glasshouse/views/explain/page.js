
// The page around the tour: its words in the language chosen, and the choice.
const data = JSON.parse(document.getElementById('data').textContent);
const put = (id, text) => (document.getElementById(id).textContent = text);
let language = location.hash === '#zh' || (location.hash !== '#en' && navigator.language.startsWith('zh')) ? 'zh' : 'en';

function speak() {
  const words = data.texts[language];
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
  document.title = words.title;
  for (const id of ['title', 'lead', 'notice']) put(id, words[id]);
  put('plate', words.page.plate);
  document.querySelector('.skip').textContent = words.page.skip;
  put('foot', words.page.foot.replace(/\{(\w+)\}/g, (_, name) => data.made[name]));
  put('lesson', words.ui.lesson);
  document.getElementById('lesson').setAttribute('href', data.lessons[language]);
  put('numbers', words.ui.numbers);
  const button = document.getElementById('language');
  button.textContent = words.ui.language;
  button.lang = language === 'zh' ? 'en' : 'zh-Hans';
}

speak();
const drawn = tour(document.getElementById('tour'), {
  steps: data.steps,
  numbers: data.numbers,
  texts: data.texts[language],
  language,
});
document.getElementById('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  history.replaceState(null, '', `#${language}`);
  speak();
  drawn.speak(data.texts[language], language);
});
