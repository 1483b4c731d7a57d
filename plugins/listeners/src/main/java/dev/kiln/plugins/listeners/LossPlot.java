package dev.kiln.plugins.listeners;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/** Draws a history: training loss, thin and smoothed, and held-out loss over the tokens. */
final class LossPlot {
    static final int WIDTH = 1200;
    static final int HEIGHT = 700;
    static final Color SMOOTHED = new Color(0x1f5fa8);
    static final Color HELD_OUT = new Color(0xd9480f);

    private static final Color EACH_STEP = new Color(0x1f, 0x77, 0xb4, 0x70);
    private static final Color INK = new Color(0x212529);
    private static final Color GRAY = new Color(0x6c757d);
    private static final Color GRID = new Color(0xe9ecef);
    private static final int LEFT = 76;
    private static final int RIGHT = WIDTH - 92;
    private static final int TOP = 124;
    private static final int BOTTOM = HEIGHT - 72;
    private static final int LABEL_HEIGHT = 20;

    private final Graphics2D graphics;
    private final LossHistory history;
    private final Axis tokens;
    private final Axis loss;

    private LossPlot(Graphics2D graphics, LossHistory history) {
        this.graphics = graphics;
        this.history = history;
        this.tokens = Axis.fromZero(history.tokens(), 7);
        this.loss = lossAxis(history.training(), history.heldOut());
    }

    /** A picture of {@link #WIDTH} × {@link #HEIGHT}. */
    static BufferedImage draw(LossHistory history) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(
                    RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(
                    RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(
                    RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            new LossPlot(graphics, history).drawAll();
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private static Axis lossAxis(Series... curves) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Series curve : curves) {
            for (int i = 0; i < curve.size(); i++) {
                low = Math.min(low, curve.y(i));
                high = Math.max(high, curve.y(i));
            }
        }
        return low <= high ? Axis.around(low, high, 7) : Axis.around(0, 1, 7);
    }

    private void drawAll() {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        drawTitle();
        drawAxes();
        Series training = history.training();
        drawCurve(training, training::y, EACH_STEP, 1f);
        drawCurve(training, training::smoothed, SMOOTHED, 2.5f);
        drawCurve(history.heldOut(), history.heldOut()::y, HELD_OUT, 2f);
        drawMarkers(history.heldOut());
        drawLastValues();
        drawLegend();
    }

    /** What a title says behind a colon is detail, and goes to the line below. */
    private void drawTitle() {
        String[] parts = history.title().split(": ", 2);
        text(parts[0], LEFT - 44, 40, Font.BOLD, 19, INK);
        String after =
                String.format(
                        Locale.ROOT,
                        "after %s tokens, step %,d",
                        Axis.count(history.tokens()),
                        history.step());
        String details = parts.length == 2 ? parts[1] + " · " + after : after;
        text(details, LEFT - 44, 64, Font.PLAIN, 14, GRAY);
        text("loss, nats per token", LEFT - 44, TOP - 20, Font.PLAIN, 13, GRAY);
    }

    private void drawAxes() {
        graphics.setStroke(new BasicStroke(1f));
        for (int i = 0; i < loss.ticks(); i++) {
            double y = y(loss.tick(i));
            graphics.setColor(GRID);
            graphics.draw(new Line2D.Double(LEFT, y, RIGHT, y));
            right(loss.plain(loss.tick(i)), LEFT - 10, y + 5, GRAY);
        }
        graphics.setColor(GRAY);
        graphics.draw(new Line2D.Double(LEFT, BOTTOM, RIGHT, BOTTOM));
        for (int i = 0; i < tokens.ticks(); i++) {
            double x = x(tokens.tick(i));
            graphics.draw(new Line2D.Double(x, BOTTOM, x, BOTTOM + 5));
            centered(Axis.count(tokens.tick(i)), x, BOTTOM + 23, GRAY);
        }
        centered("tokens", (LEFT + RIGHT) / 2.0, BOTTOM + 50, GRAY);
    }

    private void drawCurve(Series curve, IntToDoubleFunction value, Color color, float width) {
        if (curve.size() < 2) {
            return;
        }
        Path2D path = new Path2D.Double();
        path.moveTo(x(curve.x(0)), y(value.applyAsDouble(0)));
        for (int i = 1; i < curve.size(); i++) {
            path.lineTo(x(curve.x(i)), y(value.applyAsDouble(i)));
        }
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(path);
    }

    private void drawMarkers(Series curve) {
        if (curve.size() <= 60) {
            for (int i = 0; i < curve.size(); i++) {
                drawMarker(x(curve.x(i)), y(curve.y(i)));
            }
        }
    }

    private void drawMarker(double x, double y) {
        graphics.setColor(Color.WHITE);
        graphics.fill(new Ellipse2D.Double(x - 5, y - 5, 10, 10));
        graphics.setColor(HELD_OUT);
        graphics.fill(new Ellipse2D.Double(x - 3.5, y - 3.5, 7, 7));
    }

    /** At the right end of each curve; moved apart where they would lie on each other. */
    private void drawLastValues() {
        Series training = history.training();
        double trainingY =
                training.size() > 0 ? training.smoothed(training.size() - 1) : Double.NaN;
        double heldOutY = history.heldOut().last();
        double first = Double.isNaN(trainingY) ? 0 : y(trainingY);
        double second = Double.isNaN(heldOutY) ? first : y(heldOutY);
        double missing = LABEL_HEIGHT - Math.abs(second - first);
        if (missing > 0) {
            double sign = second <= first ? -1 : 1;
            first -= sign * missing / 2;
            second += sign * missing / 2;
        }
        label(trainingY, first, SMOOTHED);
        label(heldOutY, second, HELD_OUT);
    }

    private void label(double value, double y, Color color) {
        if (!Double.isNaN(value)) {
            String text = String.format(Locale.ROOT, "%.3f", value);
            text(text, RIGHT + 12, y + 5, Font.BOLD, 15, color);
        }
    }

    private void drawLegend() {
        double x = RIGHT;
        x = legend("held-out", x, HELD_OUT, 2f);
        drawMarker(x - 4, TOP - 25);
        x = legend("smoothed", x - 52, SMOOTHED, 2.5f);
        legend("training", x - 52, EACH_STEP, 1f);
    }

    /** Writes right-aligned at x, a piece of line before it; returns the middle of that line. */
    private double legend(String text, double x, Color color, float width) {
        right(text, x, TOP - 20, INK);
        double start = x - graphics.getFontMetrics().stringWidth(text) - 8;
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke(width));
        graphics.draw(new Line2D.Double(start - 28, TOP - 25, start, TOP - 25));
        return start - 10;
    }

    private double x(double count) {
        return LEFT + tokens.share(count) * (RIGHT - LEFT);
    }

    private double y(double value) {
        return BOTTOM - loss.share(value) * (BOTTOM - TOP);
    }

    private void right(String text, double x, double y, Color color) {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        text(text, x - graphics.getFontMetrics().stringWidth(text), y, Font.PLAIN, 13, color);
    }

    private void centered(String text, double x, double y, Color color) {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        double width = graphics.getFontMetrics().stringWidth(text);
        text(text, x - width / 2, y, Font.PLAIN, 13, color);
    }

    private void text(String text, double x, double y, int style, int size, Color color) {
        graphics.setFont(new Font(Font.SANS_SERIF, style, size));
        graphics.setColor(color);
        String fitting = text;
        while (graphics.getFontMetrics().stringWidth(fitting) > WIDTH - 8 - x) {
            fitting = fitting.substring(0, fitting.length() - 2) + "…";
        }
        graphics.drawString(fitting, (float) x, (float) y);
    }
}
