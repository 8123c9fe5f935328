import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const API = process.env.DITING_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/app/",
  plugins: [react()],
  build: {
    outDir: "../api/http/web", // shipped in the wheel, served by the API
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200, // kB; what a page loads at first is measured by stories/size
  },
  server: { proxy: { "/api": API, "/sign-in": API, "/sign-out": API } },
  test: {
    projects: [
      { extends: true, test: { name: "unit", include: ["src/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "stories",
          include: ["stories/**/*.story.ts"],
          globalSetup: "stories/server.ts",
          testTimeout: 120_000,
          hookTimeout: 600_000,
          fileParallelism: false, // two cores: one browser at a time
        },
      },
    ],
  },
});
