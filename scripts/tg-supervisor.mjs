#!/usr/bin/env node
import { launch } from "./launch.mjs";

const runsBots = ["up", "listen", "sandbox"];

await launch("supervisor/main", { rebuild: runsBots.includes(process.argv[2] ?? "") });
