package dev.kiln.platform.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Scores as an HTML page without scripts: a plot of each task over the solved examples, a table. */
record Page(Report report) {
    private static final int WIDTH = 420;
    private static final int HEIGHT = 220;
    private static final int LEFT = 60;
    private static final int BOTTOM = 40;
    private static final int TOP = 30;

    String html() {
        Map<String, List<TaskScore>> byTask =
                report.scores().stream()
                        .collect(
                                Collectors.groupingBy(
                                        TaskScore::task, LinkedHashMap::new, Collectors.toList()));
        String model = escaped(report.model().getOrDefault("model", ""));
        return """
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <title>%s</title>
        <style>
        body { font: 15px sans-serif; margin: 2em; color: #222; }
        td, th { padding: 0.2em 0.8em; text-align: right; }
        td:first-child, td:nth-child(2), th:first-child, th:nth-child(2) { text-align: left; }
        svg { margin: 0 1em 1em 0; }
        </style>
        <h1>%s</h1>
        <p>%s</p>
        %s
        <table>
        %s
        </table>
        %s
        </html>
        """
                .formatted(
                        model,
                        model,
                        escaped(String.join(", ", report.model().values())),
                        byTask.values().stream().map(Page::plot).collect(Collectors.joining("\n")),
                        table(),
                        report.notes().stream()
                                .map(note -> "<p>" + escaped(note) + "</p>")
                                .collect(Collectors.joining("\n")));
    }

    private String table() {
        List<List<String>> rows = report.rows();
        return row("th", rows.getFirst())
                + "\n"
                + rows.stream()
                        .skip(1)
                        .map(row -> row("td", row))
                        .collect(Collectors.joining("\n"));
    }

    private static String row(String tag, List<String> cells) {
        StringBuilder row = new StringBuilder("<tr>");
        for (String cell : cells) {
            row.append("<%s>%s</%s>".formatted(tag, escaped(cell), tag));
        }
        return row.append("</tr>").toString();
    }

    /** The main figure and its interval over the number of solved examples. */
    private static String plot(List<TaskScore> scores) {
        double most = scores.stream().mapToDouble(score -> score.main().high()).max().orElseThrow();
        double least = scores.stream().mapToDouble(score -> score.main().low()).min().orElseThrow();
        double high = most <= 1 ? 1 : most * 1.05;
        double low = Math.min(0, least);
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg width=\"%d\" height=\"%d\" role=\"img\" font-size=\"12\">%n"
                        .formatted(WIDTH, HEIGHT));
        text(
                svg,
                LEFT,
                16,
                "start",
                scores.getFirst().task() + ": " + scores.getFirst().main().name());
        for (int i = 0; i <= 4; i++) {
            double value = low + i * (high - low) / 4;
            line(svg, LEFT, y(value, low, high), WIDTH, y(value, low, high), "#ddd");
            text(svg, LEFT - 6, y(value, low, high) + 4, "end", tick(value));
        }
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < scores.size(); i++) {
            Figure figure = scores.get(i).main();
            double x = LEFT + (i + 0.5) * (WIDTH - LEFT) / scores.size();
            line(svg, x, y(figure.low(), low, high), x, y(figure.high(), low, high), "#888");
            svg.append(
                    "<circle cx=\"%s\" cy=\"%s\" r=\"4\" fill=\"#06c\"/>%n"
                            .formatted(at(x), at(y(figure.value(), low, high))));
            points.append(at(x)).append(',').append(at(y(figure.value(), low, high))).append(' ');
            text(svg, x, HEIGHT - BOTTOM + 16, "middle", "K=" + scores.get(i).shots());
        }
        svg.append(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"#06c\"/>%n"
                        .formatted(points.toString().strip()));
        return svg.append("</svg>").toString();
    }

    private static double y(double value, double low, double high) {
        return TOP + (HEIGHT - BOTTOM - TOP) * (1 - (value - low) / (high - low));
    }

    private static String at(double place) {
        return String.format(Locale.ROOT, "%.1f", place);
    }

    private static String tick(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.0f", value);
    }

    private static void line(
            StringBuilder svg, double x1, double y1, double x2, double y2, String color) {
        svg.append(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>%n"
                        .formatted(at(x1), at(y1), at(x2), at(y2), color));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>%n"
                        .formatted(at(x), at(y), anchor, escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
