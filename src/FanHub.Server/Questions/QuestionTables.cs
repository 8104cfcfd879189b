using FanHub.Server.Polls;
using FanHub.Server.Predictions;
using FanHub.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace FanHub.Server.Questions;

/// <summary>The tables of what fans answer.</summary>
internal static class QuestionTables
{
    /// <summary>Adds them to the model.</summary>
    public static void AddQuestions(this ModelBuilder model)
    {
        model.AddQuestion<Poll>("polls");
        model.AddQuestion<Prediction>("predictions");
        model.Entity<Prediction>(prediction =>
        {
            prediction.Property(p => p.Points).HasColumnName("points");
            prediction.Property(p => p.Unit).HasColumnName("unit");
            prediction.Property(p => p.Settlements).HasColumnName("settlements").HasConversion(new JsonColumn<List<Settlement>>(), JsonColumn<List<Settlement>>.Comparer);
            prediction.Ignore(p => p.Settled);
        });
    }

    private static void AddQuestion<T>(this ModelBuilder model, string table)
        where T : Question =>
        model.Entity<T>(question =>
        {
            question.ToTable(table);
            question.HasKey(q => q.Id);
            question.Property(q => q.Id).HasColumnName("id").ValueGeneratedNever();
            question.Property(q => q.Channel).HasColumnName("channel");
            question.Property(q => q.State).HasColumnName("state").HasConversion<string>();
            question.Property(q => q.Version).HasColumnName("version").IsConcurrencyToken();
            question.Property(q => q.Title).HasColumnName("title").HasConversion(new JsonColumn<Dictionary<string, string>>(), JsonColumn<Dictionary<string, string>>.Comparer);
            question.Property(q => q.Options).HasColumnName("options").HasConversion(new JsonColumn<List<QuestionOption>>(), JsonColumn<List<QuestionOption>>.Comparer);
            question.Property(q => q.MaxChoices).HasColumnName("max_choices");
            question.Property(q => q.Changeable).HasColumnName("changeable");
            question.Property(q => q.Visibility).HasColumnName("visibility").HasConversion<string>();
            question.Property(q => q.OpensAt).HasColumnName("opens_at");
            question.Property(q => q.ClosesAt).HasColumnName("closes_at");
            question.Property(q => q.Seconds).HasColumnName("seconds");
            question.Property(q => q.LateWindowMs).HasColumnName("late_window_ms");
            question.Property(q => q.PublishedAt).HasColumnName("published_at");
            question.Property(q => q.Result).HasColumnName("result").HasConversion(new JsonColumn<CertifiedResult?>(), JsonColumn<CertifiedResult?>.Comparer);
            question.Property(q => q.CreatedAt).HasColumnName("created_at");
            question.Property(q => q.UpdatedAt).HasColumnName("updated_at");
            question.Ignore(q => q.OptionIds);
            question.Ignore(q => q.Kind);
            question.Ignore(q => q.Round);
            question.Ignore(q => q.Stake);
        });
}
