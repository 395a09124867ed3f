// The menu of topics: cards in the greeting, and the same in a dialog that is always at hand.

import { byId, element, icon } from "./dom.js";
import { text } from "./texts.js";

const EXAMPLES = ["example_1", "example_2", "example_3"];

function topicCard(topic, choose) {
  const known = byId(`topic-${topic.id}`) !== null;
  const sign = icon(known ? `topic-${topic.id}` : "icon-question");
  const square = element("span", { class: "topic-icon" }, sign);
  const open = () => choose(topic);
  return element("li", {}, element("button", { type: "button", onclick: open }, square, topic.name));
}

function exampleRow(words, ask) {
  const sign = icon("icon-question");
  const open = () => ask(words);
  return element("li", {}, element("button", { type: "button", onclick: open }, sign, words));
}

export class Menu {
  /**
   * @param {{choose: (topic: Object) => void, ask: (words: string) => void}} owner
   */
  constructor(owner) {
    this.owner = owner;
    this.dialog = byId("menu");
    byId("menu-button").addEventListener("click", () => this.dialog.showModal());
    byId("menu-close").addEventListener("click", () => this.dialog.close());
    // The dialog's own box is its content: a click that hits the dialog itself is beside it.
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
  }

  /** Show the topics of a session and the examples in its language. */
  show(topics) {
    const { choose, ask } = this.owner;
    const closing = (act) => (choice) => {
      this.dialog.close();
      act(choice);
    };
    const examples = EXAMPLES.map((key) => text(key)).filter(Boolean);
    const fill = (id, list, make) => byId(id).replaceChildren(...list.map(make));
    fill("greeting-topics", topics, (topic) => topicCard(topic, choose));
    fill("menu-topics", topics, (topic) => topicCard(topic, closing(choose)));
    fill("greeting-examples", examples, (words) => exampleRow(words, ask));
    fill("menu-examples", examples, (words) => exampleRow(words, closing(ask)));
    byId("greeting-topics-part").hidden = topics.length === 0;
  }
}
