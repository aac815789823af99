/** One of the 64 signs that stand for 6 bits of a short authentication string. */
export interface SasSymbol {
  /** What the HTTP API and people say. */
  readonly name: string;
  readonly emoji: string;
}

const TABLE = [
  'dog 🐶 cat 🐱 lion 🦁 horse 🐴 pig 🐷 elephant 🐘 rabbit 🐰 panda 🐼',
  'rooster 🐓 penguin 🐧 turtle 🐢 fish 🐟 octopus 🐙 butterfly 🦋 snail 🐌 bee 🐝',
  'crab 🦀 frog 🐸 owl 🦉 ghost 👻 robot 🤖 snowman ⛄ rose 🌹 tree 🌳',
  'cactus 🌵 mushroom 🍄 globe 🌍 moon 🌙 rainbow 🌈 fire 🔥 umbrella ☔ banana 🍌',
  'apple 🍎 grapes 🍇 carrot 🥕 corn 🌽 pizza 🍕 cake 🎂 cheese 🧀 bread 🍞',
  'crown 👑 hat 🎩 glasses 👓 shoe 👟 hammer 🔨 key 🔑 lock 🔒 bell 🔔',
  'book 📕 clock ⏰ hourglass ⌛ gift 🎁 lamp 💡 balloon 🎈 phone 📞 camera 📷',
  'guitar 🎸 drum 🥁 trumpet 🎺 anchor ⚓ rocket 🚀 bicycle 🚲 train 🚂 house 🏠',
];

/** By their number; frozen: another order would show two users different signs. Source: PROTOCOL.md section 7. */
export const SAS_SYMBOLS: readonly SasSymbol[] = TABLE.flatMap((row) =>
  [...row.matchAll(/(\w+) (\S+)/g)].map(([, name = '', emoji = '']) => ({ name, emoji })),
);
