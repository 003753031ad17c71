// One table of a page's database. A connection that the browser closed is opened again.

export class Table {
  #name;
  #connection;

  /** @param {string} name of the database, which has this one table */
  constructor(name) {
    this.#name = name;
  }

  get(key) {
    return this.#transact("readonly", (rows, done) => {
      rows.get(key).onsuccess = ({ target }) => done(target.result);
    });
  }

  /** Puts what `change` makes of the row in its place, where it makes something. Nobody writes in between. */
  update(key, change) {
    return this.#transact("readwrite", (rows) => {
      rows.get(key).onsuccess = ({ target }) => {
        const row = change(target.result);
        if (row !== undefined) rows.put(row, key);
      };
    });
  }

  delete(key) {
    return this.#transact("readwrite", (rows) => rows.delete(key));
  }

  /** Resolves once it is on the disk. */
  async #transact(mode, act) {
    const database = await this.#connect();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("rows", mode, { durability: "strict" });
      let result;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error ?? new Error("The transaction was given up."));
      act(transaction.objectStore("rows"), (value) => (result = value));
    });
  }

  #connect() {
    return (this.#connection ??= connect(this.#name, () => (this.#connection = undefined)).catch((error) => {
      this.#connection = undefined;
      throw error;
    }));
  }
}

function connect(name, lost) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("rows");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = lost;
      database.onversionchange = () => {
        database.close();
        lost();
      };
      resolve(database);
    };
  });
}
