using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Quizzes;

/// <summary>The table of quizzes.</summary>
internal static class QuizTables
{
    /// <summary>Adds it to the model.</summary>
    public static void AddQuizzes(this ModelBuilder model) => model.Entity<Quiz>(quiz =>
    {
        quiz.ToTable("quizzes");
        quiz.HasKey(q => q.Id);
        quiz.Property(q => q.Id).HasColumnName("id").ValueGeneratedNever();
        quiz.Property(q => q.Channel).HasColumnName("channel");
        quiz.Property(q => q.State).HasColumnName("state").HasConversion<string>();
        quiz.Property(q => q.Version).HasColumnName("version").IsConcurrencyToken();
        quiz.Property(q => q.Title).HasColumnName("title").HasConversion(new JsonColumn<Dictionary<string, string>>(), JsonColumn<Dictionary<string, string>>.Comparer);
        quiz.Property(q => q.Scoring).HasColumnName("scoring").HasConversion<string>();
        quiz.Property(q => q.StreakBonus).HasColumnName("streak_bonus");
        quiz.Property(q => q.Pace).HasColumnName("pace").HasConversion<string>();
        quiz.Property(q => q.PauseSeconds).HasColumnName("pause_seconds");
        quiz.Property(q => q.MoreTime).HasColumnName("more_time");
        quiz.Property(q => q.LateWindowMs).HasColumnName("late_window_ms");
        quiz.Property(q => q.OpensAt).HasColumnName("opens_at");
        quiz.Property(q => q.Questions).HasColumnName("questions").HasConversion(new JsonColumn<List<QuizQuestion>>(), JsonColumn<List<QuizQuestion>>.Comparer);
        quiz.Property(q => q.Asked).HasColumnName("asked");
        quiz.Property(q => q.PublishedAt).HasColumnName("published_at");
        quiz.Property(q => q.CreatedAt).HasColumnName("created_at");
        quiz.Property(q => q.UpdatedAt).HasColumnName("updated_at");
        quiz.Ignore(q => q.Current);
        quiz.Ignore(q => q.HasNext);
    });
}
