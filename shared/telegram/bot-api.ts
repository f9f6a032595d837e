/**
 * The one door to node-telegram-bot-api: its classes, errors and Bot API types under one roof, so that
 * `instanceof` always sees the same copy and a change of library is a change of this file.
 */

export type {
  BotCommand,
  Chat,
  ChatFullInfo,
  Document,
  File,
  ForumTopic,
  InlineKeyboardButton,
  InlineKeyboardMarkup,
  InputRichBlock,
  InputRichBlockListItem,
  InputRichMessage,
  Message,
  MessageEntity,
  MessageGenerationStopped,
  Middleware,
  PhotoSize,
  RichBlock,
  RichBlockTableCell,
  RichMessage,
  RichText,
  Update,
  UpdateType,
  User,
  Voice,
  WebhookInfo,
} from "node-telegram-bot-api";
export {
  Api,
  Bot,
  Context,
  InputFile,
  NetworkError,
  ParseError,
  TelegramApiError,
  TimeoutError,
  UPDATE_TYPES,
} from "node-telegram-bot-api";
