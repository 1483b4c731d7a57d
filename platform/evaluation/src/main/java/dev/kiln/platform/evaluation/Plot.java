package dev.kiln.platform.evaluation;

import java.util.List;
import java.util.Locale;

/**
 * A task's main figure over the number of solved examples, with its intervals, as SVG. Colours come
 * from the page's style.
 *
 * @param scores of one task, at least one, each with another number of solved examples
 */
record Plot(List<TaskScore> scores) {
    private static final int WIDTH = 480;
    private static final int HEIGHT = 280;
    private static final int LEFT = 72;
    private static final int RIGHT = WIDTH - 20;
    private static final int TOP = 16;
    private static final int BOTTOM = HEIGHT - 52;
    private static final int CAP = 5;

    /** Space between the axes' ends and the outermost points. */
    private static final int MARGIN = 32;

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append(
                String.format(
                        Locale.ROOT,
                        """
                <svg viewBox="0 0 %d %d" role="img" aria-label="%s">
                """,
                        WIDTH,
                        HEIGHT,
                        Page.escaped(title())));
        Axis axis = Axis.of(lowest(), highest());
        for (double value : axis.ticks()) {
            double y = y(axis, value);
            line(svg, "grid", LEFT, y, RIGHT, y);
            text(svg, "end", LEFT - 8, y + 4, axis.label(value));
        }
        line(svg, "axis", LEFT, BOTTOM, RIGHT, BOTTOM);
        line(svg, "axis", LEFT, TOP, LEFT, BOTTOM);
        text(
                svg,
                "middle",
                (LEFT + RIGHT) / 2.0,
                HEIGHT - 8,
                "solved examples before each question (K)");
        svg.append(
                String.format(
                        Locale.ROOT,
                        """
                <text class="name" text-anchor="middle" transform="translate(14 %d) rotate(-90)">%s</text>
                """,
                        (TOP + BOTTOM) / 2,
                        Page.escaped(name())));
        curve(svg, axis);
        scores.forEach(score -> point(svg, axis, score));
        return svg.append("</svg>\n").toString();
    }

    private String name() {
        return scores.getFirst().main().name();
    }

    private String title() {
        return String.format(
                Locale.ROOT,
                "%s of %s over the number of solved examples",
                name(),
                scores.getFirst().task());
    }

    private double lowest() {
        return Math.min(0, scores.stream().mapToDouble(one -> one.main().low()).min().orElse(0));
    }

    private double highest() {
        return scores.stream().mapToDouble(one -> one.main().high()).max().orElse(1);
    }

    private void curve(StringBuilder svg, Axis axis) {
        svg.append("<polyline class=\"curve\" points=\"");
        for (TaskScore score : scores) {
            svg.append(at(x(score))).append(',').append(at(y(axis, score.main().value())));
            svg.append(' ');
        }
        svg.append("\"/>\n");
    }

    private void point(StringBuilder svg, Axis axis, TaskScore score) {
        Figure figure = score.main();
        double x = x(score);
        double low = y(axis, figure.low());
        double high = y(axis, figure.high());
        line(svg, "interval", x, low, x, high);
        line(svg, "interval", x - CAP, low, x + CAP, low);
        line(svg, "interval", x - CAP, high, x + CAP, high);
        svg.append(
                String.format(
                        Locale.ROOT,
                        """
                <circle cx="%s" cy="%s" r="4.5"><title>K = %d: %s (%s)</title></circle>
                """,
                        at(x),
                        at(y(axis, figure.value())),
                        score.shots(),
                        Report.number(figure.value()),
                        Report.interval(figure)));
        text(svg, "middle", x, BOTTOM + 18, Integer.toString(score.shots()));
    }

    /** Twice as many are a step further, wherever one is; none at all has a place too. */
    private double x(TaskScore score) {
        double first = Math.log1p(scores.getFirst().shots());
        double last = Math.log1p(scores.getLast().shots());
        double share = first == last ? 0.5 : (Math.log1p(score.shots()) - first) / (last - first);
        return LEFT + MARGIN + share * (RIGHT - LEFT - 2 * MARGIN);
    }

    private static double y(Axis axis, double value) {
        return BOTTOM - (BOTTOM - TOP) * axis.share(value);
    }

    private static String at(double place) {
        return String.format(Locale.ROOT, "%.1f", place);
    }

    private static void line(
            StringBuilder svg, String kind, double x1, double y1, double x2, double y2) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        """
                <line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>
                """,
                        kind,
                        at(x1),
                        at(y1),
                        at(x2),
                        at(y2)));
    }

    private static void text(StringBuilder svg, String anchor, double x, double y, String text) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        """
                <text text-anchor="%s" x="%s" y="%s">%s</text>
                """,
                        anchor,
                        at(x),
                        at(y),
                        Page.escaped(text)));
    }
}
