const table = document.querySelector("#sessions");
const [body] = table.tBodies;

const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const timeFormat = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

const createElement = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

/** Shows the time in the reader's time zone. A narrow column breaks the text between date and time. */
const createTime = (created_at) => {
  const date = new Date(created_at);
  const [day, time] = [dateFormat, timeFormat].map((each) => createElement("span", {}, each.format(date)));
  return createElement("time", { dateTime: created_at, title: created_at }, day, " ", time);
};

const createRow = ({ id, created_at }) => {
  const link = createElement("a", { href: `/api/study-sessions/${id}` }, id);
  const time = createTime(created_at);
  const cells = [[link], [], [], [time]].map((children) => createElement("td", {}, ...children));
  return createElement("tr", {}, ...cells);
};

/** Creates the rows of the sessions, with the highest id first. An existing row stays as it is, so nothing flickers. */
export const createSessionTable = ({ groupName, activityName }) => {
  /** The session of each row. */
  const shown = new Map();

  const insert = (session) => {
    const row = createRow(session);
    const olderRow = [...body.rows].find((each) => shown.get(each).id < session.id);
    body.insertBefore(row, olderRow ?? null);
    shown.set(row, session);
    return row;
  };

  const remove = (row) => {
    shown.delete(row);
    row.remove();
  };

  const showNames = () => {
    for (const [{ cells }, { group_id, study_activity_id }] of shown) {
      cells[1].textContent = groupName(group_id);
      cells[2].textContent = activityName(study_activity_id);
    }
  };

  return {
    /** An id alone is not enough: a service that was started on an empty folder counts from 1 again. */
    has: ({ id, created_at }) =>
      [...shown.values()].some((session) => session.id === id && session.created_at === created_at),
    /** @returns the rows that were added */
    add: (sessions) => {
      const rows = sessions.map(insert);
      showNames();
      table.hidden = shown.size === 0;
      return rows;
    },
    showNames,
    markAsNew: (rows) => {
      for (const row of body.rows) row.classList.toggle("new", rows.includes(row));
    },
    count: () => shown.size,
    clear: () => [...body.rows].forEach(remove),
    /** @returns the lowest id that is left */
    keepNewest: (count) => {
      [...body.rows].slice(count).forEach(remove);
      return shown.get(body.lastElementChild)?.id;
    },
  };
};
