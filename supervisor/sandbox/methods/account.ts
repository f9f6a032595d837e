import { botAsUser } from "../world/people.ts";
import { defineMethod } from "./call/method.ts";
import { tooManyRequests } from "./call/telegram-error.ts";

export const getMe = defineMethod({}, ({ bot }) => ({
  value: {
    ...botAsUser(bot),
    can_join_groups: true,
    // Privacy mode is off: bots see everything in their groups.
    can_read_all_group_messages: true,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: bot.hasTopics,
    allows_users_to_create_topics: bot.hasTopics,
  },
}));

export const logOut = defineMethod({}, ({ session, mailbox }) => {
  session.logOut();
  mailbox.desk.logOut();
  return { value: true };
});

export const close = defineMethod({}, ({ session }) => {
  const seconds = session.secondsUntilClosable();
  if (seconds > 0) throw tooManyRequests(seconds);
  session.restart();
  return { value: true };
});
